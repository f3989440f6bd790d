// SPDX-License-Identifier: MIT
// Which floating addresses a config has added and taken back. Knows what is there as its caller says; asks and changes nothing.
import type { FloatingAddress } from '../machine/floating-address.ts';
import type { Config } from '../model/model.ts';
import type { Difference } from './diff.ts';

export interface AddressChange {
  readonly added: readonly FloatingAddress[];
  readonly removed: readonly FloatingAddress[];
}

export interface AddressPlan extends AddressChange {
  /** what xlvs placed before and has nothing to do about */
  readonly kept: readonly FloatingAddress[];
}

const same = (a: FloatingAddress, b: FloatingAddress): boolean => a.device === b.device && a.address === b.address;

function without(all: readonly FloatingAddress[], others: readonly FloatingAddress[]): FloatingAddress[] {
  return all.filter((one) => !others.some((other) => same(one, other)));
}

export function wantedAddresses(config: Pick<Config, 'interfaces'>): FloatingAddress[] {
  return config.interfaces.flatMap(({ device, addresses }) => addresses.map((address) => ({ device, address })));
}

/**
 * Takes back what is no longer `wanted` of what xlvs `placed`, adds what is not `present`. An address that the machine has by itself
 * is in neither: it is not xlvs's, wanted or not.
 */
export function planAddresses({
  wanted,
  present,
  placed,
}: Record<'wanted' | 'present' | 'placed', readonly FloatingAddress[]>): AddressPlan {
  const removed = without(placed, wanted);
  const added = without(wanted, present);
  return { added, removed, kept: without(placed, [...removed, ...added]) };
}

export function addressDifferences({ added, removed }: AddressChange): Difference[] {
  const differences = (kind: Difference['kind'], addresses: readonly FloatingAddress[]): Difference[] =>
    addresses.map(({ device, address }) => ({ kind, subject: `address ${address} on ${device}`, detail: '' }));
  return [...differences('added', added), ...differences('removed', removed)];
}
