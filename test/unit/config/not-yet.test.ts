// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { NOT_YET } from '../../../src/config/not-yet.ts';
import { DEFAULT_SWITCHES } from '../../../src/model/model.ts';
import { configOf, INTERFACES, problemsOf, withService } from './config-text.ts';

const ADDRESS_SERVICE = 'name: a, protocol: tcp, address: 192.0.2.10, port: 80';

describe('what the format knows and this version does not do', () => {
  it('is refused by name, with the reason where it has no meaning here', () => {
    expect(problemsOf(`${INTERFACES}ipvs: { conntrack: 1 }`)[0]).toMatch(
      /ipvs\.conntrack: found 1 \(what XDP forwards never meets conntrack\), accepted: IPVS's default, 0: leave it out$/,
    );
    for (const name of ['snat_reroute', 'pmtu_disc', 'run_estimation'])
      expect(problemsOf(`${INTERFACES}ipvs: { ${name}: 0 }`)[0]).toMatch(/accepted: IPVS's default, 1: leave it out$/);
  });

  it('may stand in the file as long as it says what happens anyway', () => {
    const text = `${withService(`${ADDRESS_SERVICE}, snat: false`)}
ipvs: { snat_reroute: 1, expire_nodest_conn: 1, conn_reuse_mode: 0 }
masquerade: false
`;
    expect(configOf(text).switches).toEqual({ ...DEFAULT_SWITCHES, conn_reuse_mode: 0, expire_nodest_conn: 1 });
  });

  it('is listed by paths that the format has', () => {
    for (const { at } of NOT_YET) expect(at).toMatch(/^[a-z_-]+(\[\])?(\.[a-z_-]+(\[\])?)*$/);
    expect(new Set(NOT_YET.map(({ at }) => at)).size).toBe(NOT_YET.length);
  });
});
