// SPDX-License-Identifier: MIT
// What the tests of snat begin with: the router's own address, a client in the servers' network, and the frames of a
// connection whose server sees the router.
import { afterAll, beforeEach } from 'vitest';
import * as abi from '../../src/abi/index.ts';
import { FAMILY, familyNumber, type IpFamily, ownAddress, prefixOf, wideAddress } from './family.ts';
import { type FrameFields, frame } from './frame.ts';
import type { Outcome } from './outcome.ts';
import type { Endpoint, Hop } from './roles.ts';
import { at, CLIENT, FROM_GATEWAY, fromServer, PRIVATE, PRIVATE_MAC, TO_GATEWAY, toServer, VIP } from './roles.ts';
import { Router } from './router.ts';

type Fields = Partial<FrameFields>;

/** The router in the servers' network; its port is each connection's own. */
export const ROUTER: Endpoint = { address: '10.0.0.254', port: 0 };
/** One that reaches its servers directly. */
export const INSIDER: Endpoint = { address: '10.0.0.50', port: 40000 };
const INSIDER_MAC = '02:00:00:00:02:32';
export const FROM_INSIDER: Hop = { source: INSIDER_MAC, destination: PRIVATE_MAC };
export const TO_INSIDER: Hop = { source: PRIVATE_MAC, destination: INSIDER_MAC };

/** As src/dataplane/snat-addresses.ts does: an address for a network, `length` bits of it. */
export function putAddress(
  router: Router,
  address: string,
  network: string,
  length: number,
  device = PRIVATE,
  family: IpFamily = FAMILY,
): void {
  const key: abi.SnatAddressKey = {
    prefixlen: 64 + (length && prefixOf(length, family)),
    ifindex: device,
    family: familyNumber(family),
    address: wideAddress(network, family),
  };
  router.tables.snatAddresses.set(key, wideAddress(address, family));
}

/** A router with an address in the servers' network and a way to the client inside. */
export function prepareSnat(router: Router): void {
  putAddress(router, ROUTER.address, '0.0.0.0', 0);
  router.route(INSIDER, { device: PRIVATE, hop: TO_INSIDER });
}

/** A router with that before each test of its file. */
export function freshSnatRouter(): Router {
  const router = Router.open();
  beforeEach(() => {
    router.reset();
    prepareSnat(router);
  });
  afterAll(() => router.close());
  return router;
}

export interface SnatConversation {
  readonly server: Endpoint;
  readonly client?: Endpoint;
  readonly protocol?: 'tcp' | 'udp' | 'sctp';
}

/** The frames of one connection. What the server sees of the router is known from its first packet on. */
export class SnatFrames {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly #protocol: 'tcp' | 'udp' | 'sctp';
  router: Endpoint = ROUTER;

  constructor({ server, client = CLIENT, protocol = 'tcp' }: SnatConversation) {
    this.client = client;
    this.server = server;
    this.#protocol = protocol;
  }

  get #isInside(): boolean {
    return this.client.address === INSIDER.address;
  }

  /** client → VIP, as it arrives. */
  request(fields: Fields = {}): Uint8Array {
    const hop = this.#isInside ? FROM_INSIDER : FROM_GATEWAY;
    return frame({ hop, from: this.client, to: VIP, protocol: this.#protocol, ...fields });
  }

  /** router → server, as it leaves. */
  forwarded(fields: Fields = {}): Uint8Array {
    const { router: from, server: to } = this;
    return frame({ hop: toServer(to), from, to, ttl: 63, protocol: this.#protocol, ...fields });
  }

  /** server → router, as it arrives. */
  reply(fields: Fields = {}): Uint8Array {
    const { router: to, server: from } = this;
    return frame({ hop: fromServer(from), from, to, protocol: this.#protocol, ...fields });
  }

  /** VIP → client, as it leaves. */
  returned(fields: Fields = {}): Uint8Array {
    const hop = this.#isInside ? TO_INSIDER : TO_GATEWAY;
    return frame({ hop, from: VIP, to: this.client, ttl: 63, protocol: this.#protocol, ...fields });
  }

  /** Sends the first packet and learns the port the router took. */
  open(router: Router, fields: Fields = { flags: 'S' }): Outcome {
    const outcome = router.receive(this.request(fields), this.#isInside ? PRIVATE : undefined);
    const port = Number.parseInt(outcome.frame?.split(' ')[2]?.slice(0, 4) ?? '', 16);
    this.router = at(ROUTER, port);
    return outcome;
  }
}

/** A flow's key in the connection table and in the translations. */
export const keyOf = (from: Endpoint, to: Endpoint, protocol: 'tcp' | 'udp' = 'tcp'): abi.FlowKey => ({
  source: ownAddress(from.address),
  destination: ownAddress(to.address),
  sourcePort: from.port,
  destinationPort: to.port,
  protocol: protocol === 'udp' ? 17 : 6,
  reserved: new Uint8Array(3),
});

/** Gives this number to the next connection, whatever server it goes to. */
export function numberNext(router: Router, number: number): void {
  router.tables.snatNumbers.setMany(Array.from({ length: abi.LIMIT_SNAT_NUMBERS }, (_, i) => [i, number] as const));
}

/** Takes every port that the connection of this number would try, by reply halves that nobody else answers for. */
export function takePorts(router: Router, f: SnatFrames, count: number, number = 1): number[] {
  const ports = Array.from({ length: count }, () => {
    numberNext(router, number);
    f.open(router);
    router.tables.connections.delete(keyOf(f.client, VIP));
    return f.router.port;
  });
  numberNext(router, number);
  return ports;
}
