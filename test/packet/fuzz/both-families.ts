// SPDX-License-Identifier: MIT
// Both families' objects over the same maps, as the router loads them: a frame comes to IPv4's, which leads IPv6's to the
// other. What the tests of one family do by themselves, the clock and the expiry, is done for both here.
import { TypedMap } from 'bpf-maps';
import type { BpfObject } from 'libbpf-ts';
import * as abi from '../../../src/abi/index.ts';
import { PINNED_MAPS } from '../../../src/dataplane/pins.ts';
import { loadPacketObject, type TableSizes, USUAL_SIZES } from '../packet-object.ts';
import { Router } from '../router.ts';

const MOCKS = ['mock_routes', 'mock_questions', 'mock_clocks', 'mock_ingress'];
/** enum step of bpf/steps.h. */
const STEP_IPV6 = 2;
const IPV6 = 1;

export class BothFamilies {
  readonly router: Router;
  readonly #ipv6: BpfObject;
  readonly #connections6: TypedMap<abi.FlowKey6, abi.Connection6>;

  constructor(sizes: Partial<TableSizes>) {
    this.router = Router.open(sizes);
    const { object } = this.router;
    const maps = [...PINNED_MAPS, ...MOCKS];
    this.#ipv6 = loadPacketObject({ ...USUAL_SIZES, ...sizes }, 6, { object, maps });
    object.map('steps').set(new Uint8Array(Uint32Array.of(STEP_IPV6).buffer), this.#ipv6.program('xlvs'));
    const { key, value } = abi.maps.connections6;
    this.#connections6 = new TypedMap(object.map('connections6'), key, value);
    this.passTicks(0);
  }

  close(): void {
    this.#ipv6.close();
    this.router.close();
  }

  /** Halves in both connection tables. */
  get halves(): number {
    return this.router.halves + this.#connections6.size;
  }

  passTicks(count: number): void {
    const { router } = this;
    router.passTicks(count);
    const { epochs } = router.tables;
    epochs.set(IPV6, { ...(epochs.get(IPV6) as abi.Epoch), now: router.now >>> 0 });
  }

  /** One slice of both timers. */
  expire(): void {
    this.router.run('expire');
    this.#ipv6.program('expire').testRun({ data: new Uint8Array(64) });
  }
}
