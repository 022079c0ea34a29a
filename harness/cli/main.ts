#!/usr/bin/env node
import { fileError } from '../files/system-error.js';
import { UserError } from '../user/user-error.js';
import { printMistake } from './command.js';
import { EXIT } from './exit-codes.js';
import { runCommandLine } from './program.js';

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads the output may have read enough, as `head` does.
  if (error.code === 'EPIPE') process.exit(EXIT.unread);
  const mistake = fileError(error, { path: 'Standard output', use: 'written' });
  if (!(mistake instanceof UserError)) throw error;
  printMistake(mistake);
  process.exit(EXIT.usage);
});

// A terminal that does not know its width, as in a container, says 0: every word would have a line of its own.
for (const stream of [process.stdout, process.stderr]) if (stream.columns === 0) stream.columns = 80;

// What a user's file logs is no part of what a command prints, which other programs may read.
console.log = console.info = console.debug = console.error;

process.exitCode = await runCommandLine(process.argv.slice(2));
