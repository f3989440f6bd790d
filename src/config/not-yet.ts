// SPDX-License-Identifier: MIT
// What the config format knows and this version does not do: refused by name, so that no file promises what will not
// happen. The one place to delete a line when a feature arrives.
import { SWITCH_DEFAULTS, SWITCH_NAMES, type SwitchName } from './ipvs-switches.ts';

/** The part of the format's values that works now; what problems offer. */
export const SWITCHES_NOW = [
  'am_droprate',
  'amemthresh',
  'cache_bypass',
  'conn_reuse_mode',
  'drop_entry',
  'drop_packet',
  'expire_nodest_conn',
  'expire_quiescent_template',
  'lblc_expiration',
  'lblcr_expiration',
  'nat_icmp_send',
  'schedule_icmp',
  'secure_tcp',
  'sloppy_sctp',
  'sloppy_tcp',
] as const satisfies readonly SwitchName[];

/** `at` is a path with `[]` for any list index; a value there that `refuses` says yes to is not for this version. */
export interface NotYet {
  readonly at: string;
  readonly refuses: (value: unknown) => boolean;
  readonly accepted: string;
  /** default: not in this version */
  readonly because?: string;
}

const SYNC = 'it is about the sync daemon, which is not in this version';
/** Switches that have nothing to act on here, and why. */
const WITHOUT_MEANING: Partial<Record<SwitchName, string>> = {
  backup_only: SYNC,
  conntrack: 'what XDP forwards never meets conntrack',
  ignore_tunneled: 'tunnels are not in this version',
  pmtu_disc: 'it is about tunnels, which are not in this version',
  run_estimation: 'rates are reckoned where they are shown, at no cost to packets',
  snat_reroute: 'a reply is always routed as the packet of its VIP that it becomes',
  sync_persist_mode: SYNC,
  sync_ports: SYNC,
  sync_refresh_period: SYNC,
  sync_retries: SYNC,
  sync_sock_size: SYNC,
  sync_version: SYNC,
};

const isNot = (accepted: readonly unknown[]) => (value: unknown) => !accepted.includes(value);

const missingSwitches = SWITCH_NAMES.filter(isNot(SWITCHES_NOW)).map((name) => ({
  at: `ipvs.${name}`,
  refuses: isNot([SWITCH_DEFAULTS[name]]),
  accepted: `IPVS's default, ${SWITCH_DEFAULTS[name]}: leave it out`,
  ...(WITHOUT_MEANING[name] && { because: WITHOUT_MEANING[name] }),
}));

/** Keys this version has no use for. They are not offered when a key is misspelt. */
export const KEYS_NOT_YET: readonly NotYet[] = [...missingSwitches];

/** Values this version has no use for, under keys that it has. */
const VALUES_NOT_YET: readonly NotYet[] = [];

export const NOT_YET: readonly NotYet[] = [...KEYS_NOT_YET, ...VALUES_NOT_YET];
