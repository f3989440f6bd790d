// SPDX-License-Identifier: MIT
// Loaded into vitest's workers before vitest, which replaces process.exit and ends them by SIGTERM: a process that a signal
// kills never looks for its leaks.
const exit = process.exit.bind(process);
process.once('SIGTERM', () => exit());
