// SPDX-License-Identifier: MIT
// The addresses that are the router's or a service's own and can therefore be no server's, with where the file says so.
import { canonicalAddress } from '../net/address.ts';
import { parsePrefix } from '../net/prefix.ts';
import { type Draft, type DraftService, present } from './draft.ts';
import type { Path } from './path.ts';

export interface OwnAddress {
  /** canonical, without length */
  readonly address: string;
  readonly what: string;
  readonly path: Path;
}

/** Answers for one draft; built once, since every server asks. */
export class OwnAddresses {
  readonly #floating = new Map<string, OwnAddress>();
  readonly #marked = new Map<string, OwnAddress>();

  constructor(draft: Draft) {
    for (const own of floatingAddresses(draft)) this.#floating.set(own.address, own);
    for (const [mark, own] of markedAddresses(draft)) this.#marked.set(`${mark} ${own.address}`, own);
  }

  /** Why the address (canonical) cannot be that of a server of the service at `path`, or `undefined`. */
  find(address: string, service: DraftService, path: Path): OwnAddress | undefined {
    if (service.address !== undefined && canonicalAddress(service.address) === address)
      return { address, what: "the service's own address", path: [...path, 'address'] };
    return this.#marked.get(`${service.mark} ${address}`) ?? this.#floating.get(address);
  }
}

/** The floating addresses of all interfaces. */
export function floatingAddresses(draft: Draft): readonly OwnAddress[] {
  return present(draft.interfaces).flatMap(([i, { addresses }]) =>
    present(addresses).flatMap(([j, text]) => {
      const address = parsePrefix(text)?.address;
      const path = ['interfaces', i, 'addresses', j];
      return address ? [{ address, what: 'a floating address of this router', path }] : [];
    }),
  );
}

/** The addresses that rules give a mark one by one: its VIPs as far as they can be told. */
function markedAddresses(draft: Draft): readonly [mark: number, OwnAddress][] {
  return present(draft.marks).flatMap(([i, { mark, address }]) => {
    const prefix = mark !== undefined && address !== undefined ? parsePrefix(address) : undefined;
    if (mark === undefined || prefix?.length !== (prefix?.family === 'ipv4' ? 32 : 128)) return [];
    return [
      [mark, { address: prefix.address, what: "an address of the service's mark", path: ['marks', i, 'address'] }],
    ];
  });
}
