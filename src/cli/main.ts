// SPDX-License-Identifier: MIT
// The program `xlvs`.
import { realWorld } from './real-world.ts';
import { runCli } from './run-cli.ts';

// `xlvs connections | head` closes the pipe early: nobody reads on, so there is nothing more to do.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await runCli(process.argv.slice(2), realWorld());
