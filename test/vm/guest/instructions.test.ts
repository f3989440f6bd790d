// SPDX-License-Identifier: MIT
// What a packet costs through xlvs and through kernel IPVS, over the same veths, in a guest whose clock counts instructions:
// a nanosecond is one. Sender and sink are in every figure; `generator` is what they are alone.
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRig, prepareNamespace, type Rig, serverAddress, serviceOf, VIP, VIP_PORT } from '../../bench/rig.ts';
import { shell } from '../../bench/shell.ts';
import { summarize } from '../../bench/statistics.ts';
import { firstServer, startDnat, stopDnat, vip } from '../../bench/ways.ts';
import { type Wire, WireBench } from '../../bench/wire.ts';

const SERVERS = 16;
const FLOWS = 1000;
const PACKETS = 4096;
const ROUNDS = 5;
const MOST_ROUNDS = 40;
/** The widest spread of rounds that agree, of their median. */
const SETTLED = 0.02;
const SERVER_PORT = 8080;

let rig: Rig;
let bench: WireBench;
/** Of flows that have not been seen yet. */
let fresh = 0;

const ipvsadm = (line: string): void => void execFileSync('ipvsadm', line.split(' '));

/** UDP by one server, whose replies can then be named; TCP by as many as the benchmark's row has. */
function startIpvs(): void {
  shell(`ip addr add ${VIP}/32 dev lo`);
  for (const [letter, servers] of [['u', 1] as const, ['t', SERVERS] as const]) {
    ipvsadm(`-A -${letter} ${VIP}:${VIP_PORT} -s wlc`);
    for (let i = 0; i < servers; i++)
      ipvsadm(`-a -${letter} ${VIP}:${VIP_PORT} -r ${serverAddress(i)}:${SERVER_PORT} -m -w 1`);
  }
}

const inward = (): Wire => ({ device: 'public-peer', other: vip, flows: FLOWS });
const reply = (): Wire => ({
  device: 'private-peer',
  other: { address: serverAddress(0), port: SERVER_PORT },
  flows: FLOWS,
  isReply: true,
});
const opening = (): Wire => {
  const wire = { ...inward(), flows: 1_000_000, packet: 'tcp-syn', from: fresh } as const;
  fresh += PACKETS;
  return wire;
};
const untranslated = (): Wire => ({ ...inward(), other: firstServer });

/**
 * XDP routers send to a program that counts and drops. What the kernel forwards would be copied for such a program, so the
 * kernel's packets end where the peer sees that they are for another host.
 */
const byKernel =
  (wire: () => Wire, arrivesAt = 'private-peer') =>
  (): Wire => ({ ...wire(), arrivesAt });

/**
 * The guest's kernel has work of its own, most of it soon after boot: rounds go on until ROUNDS in a row agree. A figure that
 * never settles is no figure.
 */
function say(name: string, wire: () => Wire): void {
  bench.run(wire(), PACKETS); // connections, caches
  const rounds: number[] = [];
  let figure: ReturnType<typeof summarize>;
  do {
    rounds.push(bench.run(wire(), PACKETS));
    figure = summarize(rounds.slice(-ROUNDS));
  } while (rounds.length < ROUNDS || (figure.spread > SETTLED && rounds.length < MOST_ROUNDS));
  console.log(`vm: figure ${name} ${figure.median.toFixed(0)}`);
  expect(figure.spread, `${name}: a clock that counts instructions does not scatter`).toBeLessThanOrEqual(SETTLED);
}

beforeAll(() => {
  prepareNamespace(SERVERS);
  rig = openRig(131_072);
  bench = new WireBench();
  rig.router.change({ putServices: [{ ...serviceOf('udp', 1), name: 'dns' }, serviceOf('tcp', SERVERS)] });
  for (const device of ['public-peer', 'private-peer']) bench.attach(bench.object.program('sink'), device);
  for (const device of ['public', 'private']) bench.attach(rig.loaded.program, device);
});

afterAll(() => {
  bench.close();
  rig.close();
});

test('sender and sink alone', () => {
  say('generator', () => ({ ...untranslated(), device: 'private' }));
});

test('xlvs', () => {
  say('xlvs/established', inward);
  say('xlvs/reply', reply);
  say('xlvs/new', opening);
});

test('XDP forwarding without translation', () => {
  bench.detach();
  bench.attach(bench.object.program('sink'), 'private-peer');
  bench.attach(bench.object.program('forward'), 'public');
  say('xdp-forward', untranslated);
});

test('kernel IPVS', () => {
  bench.detach();
  // frames redirected to a veth are dropped unless it polls, which GRO makes it do when it is switched on
  for (const device of ['public', 'private']) shell(`ethtool -K ${device} gro off\nethtool -K ${device} gro on`);
  startIpvs();
  say('ipvs/established', byKernel(inward));
  say('ipvs/reply', byKernel(reply, 'public-peer'));
  say('ipvs/new', byKernel(opening));
  ipvsadm('-C');
  shell(`ip addr del ${VIP}/32 dev lo`);
});

test('the kernel without translation; nftables DNAT', () => {
  say('ip-forward', byKernel(untranslated));
  startDnat();
  say('nft', byKernel(inward));
  stopDnat();
});
