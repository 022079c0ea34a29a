/** The largest resident memory that this process has had, bytes. */
export const peakMemoryBytes = (): number => process.resourceUsage().maxRSS * 1024;
