/** What records call this machine's processor and platform. */
import { cpus } from 'node:os';

/** `unknown` where the system has no name for it. */
export const processorName = (): string => cpus()[0]?.model.trim() || 'unknown';

/** For example `linux x64`. */
export const platformName = (): string => `${process.platform} ${process.arch}`;
