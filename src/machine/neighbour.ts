// SPDX-License-Identifier: MIT
// Keeps neighbours resolved: traffic that XDP forwards confirms none, so the kernel must be told to keep probing
// (NTF_EXT_MANAGED, kernel 5.16, iproute2 5.17).
import { type IpAnswer, ipBatch, ipError, ipJson } from './iproute.ts';

export interface Neighbour {
  readonly device: string;
  readonly address: string;
}

/** One object of `ip -json neighbour show`. A flag is present with the value null. */
export interface IpNeighbour {
  readonly dst: string;
  readonly dev: string;
  readonly lladdr?: string;
  readonly state?: readonly string[];
  readonly managed?: null;
  readonly extern_learn?: null;
}

/**
 * Has the kernel keep the neighbour resolved. An entry that somebody else owns (permanent, noarp, learnt by a control
 * plane) stays as it is. `false` when iproute2 or the kernel cannot. Throws XlvsError.
 */
export function keepNeighbour(device: string, address: string): boolean {
  return keepNeighbours([{ device, address }]);
}

/** The same for many in one go; `false` when one of them could not be kept. */
export function keepNeighbours(neighbours: readonly Neighbour[]): boolean {
  const table = readTable();
  const commands = neighbours.flatMap((neighbour) => keepCommand(neighbour, table) ?? []);
  return commands.length === 0 || allKept(commands, ipBatch(commands));
}

/** Has the kernel stop. What it knows of the neighbour ages as any other entry does. Throws XlvsError. */
export function forgetNeighbour(device: string, address: string): void {
  forgetNeighbours([{ device, address }]);
}

/** The same for many in one go. */
export function forgetNeighbours(neighbours: readonly Neighbour[]): void {
  const table = readTable();
  const entries = neighbours.flatMap((neighbour) => table.get(keyOf(neighbour)) ?? []);
  // One that failed has gone by itself, or with its device.
  ipBatch(entries.filter(isManaged).map(forgetCommand));
}

/** The neighbours that somebody has the kernel keep resolved. */
export function managedNeighbours(): Neighbour[] {
  return [...readTable().values()].filter(isManaged).map(({ dev, dst }) => ({ device: dev, address: dst }));
}

/** The command to run, or `undefined` when the neighbour needs none. */
export function keepCommand(neighbour: Neighbour, table: ReadonlyMap<string, IpNeighbour>): string | undefined {
  const entry = table.get(keyOf(neighbour));
  if (entry && (isManaged(entry) || isForeign(entry))) return undefined;
  return `neighbour replace ${neighbour.address} dev ${neighbour.device} managed`;
}

/** Replacing an entry without the flag clears it; without a MAC there is nothing worth keeping. */
export function forgetCommand({ dst, dev, lladdr }: IpNeighbour): string {
  if (lladdr === undefined) return `neighbour del ${dst} dev ${dev}`;
  return `neighbour replace ${dst} lladdr ${lladdr} dev ${dev} nud stale`;
}

/** Entries by device and address. */
export function neighbourTable(entries: readonly IpNeighbour[]): ReadonlyMap<string, IpNeighbour> {
  return new Map(entries.map((entry) => [keyOf({ device: entry.dev, address: entry.dst }), entry]));
}

function readTable(): ReadonlyMap<string, IpNeighbour> {
  return neighbourTable(ipJson<IpNeighbour>(['neighbour', 'show', 'nud', 'all']));
}

function allKept(commands: readonly string[], answers: readonly IpAnswer[]): boolean {
  const failure = answers.findIndex((answer) => !answer.ok);
  const answer = answers[failure];
  if (!answer || answer.ok) return true;
  // How an iproute2 that does not know the word complains about it.
  if (/managed|garbage/.test(answer.reason)) return false;
  throw ipError(commands[failure] ?? '', answer.reason);
}

function isManaged(entry: IpNeighbour): boolean {
  return 'managed' in entry;
}

function isForeign(entry: IpNeighbour): boolean {
  return 'extern_learn' in entry || entry.state?.some((state) => state === 'PERMANENT' || state === 'NOARP') === true;
}

function keyOf({ device, address }: Neighbour): string {
  return `${device} ${address}`;
}
