// SPDX-License-Identifier: MIT
// What the config format knows and this version does not do: refused by name, so that no file promises what will not
// happen. The one place to delete a line when a feature arrives.
import { SWITCH_DEFAULTS, SWITCH_NAMES, type SwitchName } from './ipvs-switches.ts';
import { anyOf } from './words.ts';

/** The part of the format's values that works now; what problems offer. */
export const PROTOCOLS_NOW: readonly string[] = ['tcp', 'udp'];
export const SWITCHES_NOW = [
  'am_droprate',
  'conn_reuse_mode',
  'drop_packet',
  'expire_nodest_conn',
  'expire_quiescent_template',
  'lblc_expiration',
  'lblcr_expiration',
  'sloppy_tcp',
] as const satisfies readonly SwitchName[];

/** `at` is a path with `[]` for any list index; a value there that `refuses` says yes to is not for this version. */
export interface NotYet {
  readonly at: string;
  readonly refuses: (value: unknown) => boolean;
  readonly accepted: string;
}

const isNot = (accepted: readonly unknown[]) => (value: unknown) => !accepted.includes(value);

const missingSwitches = SWITCH_NAMES.filter(isNot(SWITCHES_NOW)).map((name) => ({
  at: `ipvs.${name}`,
  refuses: isNot([SWITCH_DEFAULTS[name]]),
  accepted: `IPVS's default, ${SWITCH_DEFAULTS[name]}: leave it out`,
}));

/** Keys this version has no use for. They are not offered when a key is misspelt. */
export const KEYS_NOT_YET: readonly NotYet[] = [
  { at: 'services[].snat', refuses: isNot([false]), accepted: 'false, or nothing: remove it' },
  { at: 'masquerade', refuses: isNot([false]), accepted: 'false: masquerade with an nftables rule of your own' },
  ...missingSwitches,
];

/** Values this version has no use for, under keys that it has. */
const VALUES_NOT_YET: readonly NotYet[] = [
  { at: 'ipvs.drop_packet', refuses: isNot([0, 3]), accepted: '0 (off) or 3 (on)' },
  { at: 'marks[].protocol', refuses: isNot(PROTOCOLS_NOW), accepted: anyOf(PROTOCOLS_NOW) },
  { at: 'services[].protocol', refuses: isNot(PROTOCOLS_NOW), accepted: anyOf(PROTOCOLS_NOW) },
];

export const NOT_YET: readonly NotYet[] = [...KEYS_NOT_YET, ...VALUES_NOT_YET];
