// SPDX-License-Identifier: MIT
// The address family of a service as far as a draft of it tells.
import { type AddressFamily, parseAddress } from '../net/address.ts';
import { type DraftService, present } from './draft.ts';

export interface FamilySource {
  readonly family: AddressFamily;
  /** which key says so */
  readonly from: 'address' | 'family' | 'servers';
}

/** The service's own address decides, then `family`, then its first server. */
export function familyOfService(service: DraftService): FamilySource | undefined {
  const address = familyOfText(service.address);
  if (address) return { family: address, from: 'address' };
  if (service.family) return { family: service.family, from: 'family' };
  for (const [, server] of present(service.servers)) {
    const family = familyOfText(server.address);
    if (family) return { family, from: 'servers' };
  }
  return undefined;
}

export function familyOfText(text: string | undefined): AddressFamily | undefined {
  return text === undefined ? undefined : parseAddress(text)?.family;
}
