/** What a command's exit code says. */
export const EXIT = {
  success: 0,
  /** The command worked and found something, for example a regression. */
  finding: 1,
  usage: 2,
  trialsFailed: 3,
  /** Stopped by Ctrl-C, as shells count it. */
  interrupted: 130,
  /** Nobody reads the output any more, as shells count it. */
  unread: 141,
} as const;
