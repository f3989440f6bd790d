// SPDX-License-Identifier: MIT
// Short HTTP requests, each on a new connection, from a real client to a real server in namespaces: through xlvs, XDP
// forwarding without NAT, the kernel's forwarding, nftables DNAT and HAProxy in TCP mode.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../../src/lab/host.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { Rig, VIP } from '../net/rig.ts';
import { openBenchObject } from './bench-object.ts';
import { startNginx } from './nginx.ts';
import type { Effort, Row } from './row.ts';
import { summarize } from './statistics.ts';
import { type HttpLoad, loadHttp, PERCENTILES } from './wrk.ts';

const SERVER = '10.0.0.1';
const DEVICES = ['pub0', 'prv0'];
/** Enough to keep both CPUs busy; one alone for the time that a request takes. */
const BUSY = 16;
const ALONE = 1;

/** One way through the router, there from `start` until what it returns is called. */
interface Way {
  readonly name: string;
  /** whom the client asks */
  readonly address: string;
  start(rig: Rig): Promise<() => Promise<unknown>>;
}

const onRouter = ({ lab }: Rig, line: string): Promise<unknown> => {
  const [command = '', ...args] = line.split(' ');
  return lab.router.exec(command, args);
};

async function holdVip(rig: Rig): Promise<() => Promise<unknown>> {
  await onRouter(rig, `ip addr add ${VIP}/32 dev pub0`);
  return () => onRouter(rig, `ip addr del ${VIP}/32 dev pub0`);
}

function haproxyConfig(lab: Lab): string {
  const file = join(lab.directory, 'haproxy.cfg');
  const lines = ['global', 'maxconn 4000', 'defaults', 'mode tcp'];
  lines.push('timeout connect 5s', 'timeout client 30s', 'timeout server 30s');
  lines.push('listen web', `bind ${VIP}:80`, `server one ${SERVER}:80`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

const WAYS: readonly Way[] = [
  {
    name: 'xlvs',
    address: VIP,
    start: async (rig) => {
      await rig.up();
      return () => rig.xlvs(['down']);
    },
  },
  {
    name: 'xdp-forward',
    address: SERVER,
    start: async (rig) => {
      const pin = join(rig.pins, '..', 'forward');
      const object = openBenchObject('wire');
      object.load();
      object.program('forward').pin(pin);
      object.close();
      for (const device of DEVICES) await onRouter(rig, `ip link set dev ${device} xdpdrv pinned ${pin}`);
      return async () => {
        for (const device of DEVICES) await onRouter(rig, `ip link set dev ${device} xdpdrv off`);
        await onRouter(rig, `rm ${pin}`);
      };
    },
  },
  { name: 'ip-forward', address: SERVER, start: async () => async () => {} },
  {
    name: 'nft',
    address: VIP,
    start: async (rig) => {
      const release = await holdVip(rig);
      await onRouter(rig, 'nft add table ip bench');
      await onRouter(rig, 'nft add chain ip bench prerouting { type nat hook prerouting priority -100; }');
      await onRouter(rig, `nft add rule ip bench prerouting ip daddr ${VIP} tcp dport 80 dnat to ${SERVER}:80`);
      return async () => {
        await onRouter(rig, 'nft delete table ip bench');
        await release();
      };
    },
  },
  {
    name: 'haproxy',
    address: VIP,
    start: async (rig) => {
      const release = await holdVip(rig);
      const haproxy = rig.lab.router.spawn('haproxy', ['-q', '-db', '-f', haproxyConfig(rig.lab)]);
      const tries = ['--retry', '5', '--retry-connrefused', '--retry-delay', '1'];
      await rig.lab
        .client()
        .exec('curl', ['-sS', ...tries, `http://${VIP}/`])
        .catch((error) => Promise.reject(new Error(`HAProxy: ${haproxy.stderr}`, { cause: error })));
      return async () => {
        await haproxy.stop();
        await release();
      };
    },
  },
];

interface Samples {
  readonly busy: HttpLoad[];
  readonly alone: HttpLoad[];
}

async function sample(rig: Rig, way: Way, seconds: number): Promise<{ busy: HttpLoad; alone: HttpLoad }> {
  const stop = await way.start(rig);
  try {
    const url = `http://${way.address}/`;
    await loadHttp(rig.lab, url, { connections: BUSY, seconds: 1 }); // neighbours, caches
    const busy = await loadHttp(rig.lab, url, { connections: BUSY, seconds });
    return { busy, alone: await loadHttp(rig.lab, url, { connections: ALONE, seconds }) };
  } finally {
    await stop();
  }
}

/** Else a port used again through another way meets what the server remembers of it, and waits a second for its answer. */
const forgetClosed = (host: Host): Promise<unknown> => host.exec('sysctl', ['-qw', 'net.ipv4.tcp_max_tw_buckets=0']);

type Pick = (samples: Samples) => number[];

const SUBJECTS: readonly { name: string; unit: string; pick: Pick; isMoreBetter?: boolean }[] = [
  { name: 'cpu', unit: 'µs CPU/request', pick: ({ busy }) => busy.map(({ cpu }) => cpu) },
  {
    name: 'rate',
    unit: 'connections/s',
    pick: ({ busy }) => busy.map(({ perSecond }) => perSecond),
    isMoreBetter: true,
  },
  ...PERCENTILES.map((percentile, i) => ({
    name: `latency-p${percentile}`,
    unit: 'µs',
    pick: ({ alone }: Samples) => alone.map(({ latencies }) => latencies[i] as number),
  })),
];

/** Ratios are within a round: how many times as good xlvs is. */
function rowsOf(samples: Readonly<Record<string, Samples>>): Row[] {
  return SUBJECTS.flatMap(({ name, unit, pick, isMoreBetter }) => {
    const xlvs = pick(samples.xlvs as Samples);
    return WAYS.map((way): Row => {
      const values = pick(samples[way.name] as Samples);
      const ratios = values.map((value, i) =>
        isMoreBetter ? (xlvs[i] as number) / value : value / (xlvs[i] as number),
      );
      const { median, spread } = summarize(way.name === 'xlvs' ? values : ratios);
      const isItself = way.name === 'xlvs';
      return {
        measure: `http/${name}/${way.name}`,
        value: summarize(values).median,
        unit,
        against: isItself ? null : 'xlvs',
        ratio: isItself ? null : median,
        spread,
      };
    });
  });
}

export async function httpRows({ quick }: Effort): Promise<Row[]> {
  const rig = await Rig.create(
    { name: 'bench', servers: 1 },
    {
      services: [{ name: 'web', protocol: 'tcp', address: VIP, port: 80, servers: [{ address: SERVER }] }],
      tables: { connections: 262_144 },
    },
  );
  try {
    for (const host of [rig.lab.client(), rig.lab.router, rig.lab.server(1)]) await forgetClosed(host);
    await startNginx(rig.lab, rig.lab.server(1));
    const samples = Object.fromEntries(WAYS.map(({ name }): [string, Samples] => [name, { busy: [], alone: [] }]));
    for (let round = 0; round < (quick ? 2 : 7); round++)
      for (const way of WAYS) {
        const { busy, alone } = await sample(rig, way, quick ? 1 : 2);
        samples[way.name]?.busy.push(busy);
        samples[way.name]?.alone.push(alone);
      }
    return rowsOf(samples);
  } finally {
    rig.destroy();
  }
}
