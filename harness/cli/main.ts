#!/usr/bin/env node
import { EXIT } from './exit-codes.js';
import { runCommandLine } from './program.js';

// Whoever reads the output may have read enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(EXIT.unread);
});

process.exitCode = await runCommandLine(process.argv.slice(2));
