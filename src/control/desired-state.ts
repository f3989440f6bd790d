// SPDX-License-Identifier: MIT
// What a config file asks of the data plane, apart from the machine around it.
import type { RouterState } from '../dataplane/data-plane.ts';
import { type Config, DEFAULT_SWITCHES, NO_LIMITS } from '../model/model.ts';

export function stateOf(config: Config): RouterState {
  const { services, marks, timeouts, switches, limits } = config;
  return { services, marks, timeouts, switches, limits };
}

/** The state of a data plane that has just been loaded. */
export const EMPTY_STATE: RouterState = {
  services: [],
  marks: [],
  timeouts: { tcp: 900, tcpfin: 120, udp: 300 },
  switches: DEFAULT_SWITCHES,
  limits: NO_LIMITS,
};
