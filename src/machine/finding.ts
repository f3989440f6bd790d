// SPDX-License-Identifier: MIT
// One thing about the machine that keeps xlvs from working, and what to do about it.

export interface Finding {
  /** a phrase about `where` */
  readonly what: string;
  /** a device, a setting, a service, a path */
  readonly where: string;
  /** a command, or a phrase that can follow a semicolon */
  readonly cure: string;
}

/** One line. */
export function formatFinding({ where, what, cure }: Finding): string {
  return `${where}: ${what}; ${cure}`;
}
