// SPDX-License-Identifier: MIT
// Where the Makefile puts machine-probe.ts as a bundle, so that it can run in a namespace.
import { fileURLToPath } from 'node:url';

export const PROBE = fileURLToPath(new URL('../../build/machine-probe.mjs', import.meta.url));
