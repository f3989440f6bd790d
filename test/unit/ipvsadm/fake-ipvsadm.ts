// SPDX-License-Identifier: MIT
// ipvsadm without a kernel or a resolver: a memory data plane, and a machine that knows a few names.
import { readFileSync } from 'node:fs';
import { MemoryDataPlane } from '../../../src/dataplane/memory-data-plane.ts';
import type { Resolver } from '../../../src/ipvsadm/names.ts';
import { type IpvsadmWorld, runIpvsadm } from '../../../src/ipvsadm/run-ipvsadm.ts';
import { XlvsError } from '../../../src/model/xlvs-error.ts';

export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

const SERVICES = `# comment
ssh		22/tcp				# SSH Remote Login Protocol
domain		53/tcp
domain		53/udp
http		80/tcp		www		# WorldWideWeb HTTP
https		443/tcp				# http protocol over TLS/SSL
sip		5060/tcp
sip		5060/udp
http-alt	8080/tcp	webcache
`;

/** The router's own address. */
export const ROUTER = '10.0.0.254';

export const resolver: Resolver = {
  lookup: async (host) => ({ localhost: '127.0.0.1', web1: '10.0.0.1' })[host],
  reverse: async (address) => ({ '127.0.0.1': 'localhost', '10.0.0.1': 'web1' })[address],
  services: () => SERVICES,
};

export interface FakeIpvsadm {
  readonly router: MemoryDataPlane;
  /** one for each time the machine was told of new servers */
  readonly held: readonly unknown[];
  /** what was read and locked, in order */
  readonly happened: readonly string[];
  /** arguments separated by blanks, and what stands on stdin */
  run(line: string, stdin?: string): Promise<Ran>;
  /** arguments as they are */
  call(words: readonly string[], stdin?: string): Promise<Ran>;
}

/** `router: undefined`: none runs. */
export function fakeIpvsadm(router: MemoryDataPlane | undefined = new MemoryDataPlane()): FakeIpvsadm {
  const held: unknown[] = [];
  const happened: string[] = [];
  const call = async (words: readonly string[], stdin = ''): Promise<Ran> => {
    const said: { out: string[]; err: string[] } = { out: [], err: [] };
    const world: IpvsadmWorld = {
      print: (lines) => void said.out.push(...[...lines].map((line) => `${line}\n`)),
      complain: (line) => void said.err.push(`${line}\n`),
      readStdin: () => {
        happened.push('stdin');
        return stdin;
      },
      resolver,
      ownAddresses: () => new Set([ROUTER]),
      version: '1.2.3',
      look: (use) => use(router),
      change: (use) => {
        happened.push('lock');
        return use(router, () => void held.push(router.generation));
      },
    };
    const status = await runIpvsadm(words, world);
    return { status, out: said.out.join(''), err: said.err.join('') };
  };
  return { router, held, happened, call, run: (line, stdin) => call(line.split(' ').filter(Boolean), stdin) };
}

/** As when nothing is pinned. */
export async function withoutRouter(line: string): Promise<Ran> {
  const missing = (): never => {
    throw new XlvsError('missing', 'no xlvs router under /pins', 'start one with `xlvs up` or `xlvs run`');
  };
  const out: string[] = [];
  const err: string[] = [];
  const status = await runIpvsadm(line.split(' ').filter(Boolean), {
    print: (lines) => void out.push(...lines),
    complain: (text) => void err.push(text),
    readStdin: () => '',
    resolver,
    ownAddresses: () => new Set(),
    version: '1.2.3',
    look: async () => missing(),
    change: async () => missing(),
  });
  return { status, out: out.join('\n'), err: err.join('\n') };
}

/** A capture of kernel IPVS. */
export const golden = (name: string): string => readFileSync(new URL(`golden/${name}`, import.meta.url), 'utf8');
