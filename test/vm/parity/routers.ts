// SPDX-License-Identifier: MIT
// The two routers as their operator sees them: ipvsadm's commands, IPVS's switches, marking rules.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { realControl } from '../../../src/cli/real-control.ts';
import { realWorld } from '../../../src/cli/real-world.ts';
import { runCli } from '../../../src/cli/run-cli.ts';
import type { Control } from '../../../src/cli/world.ts';
import type { ConfigInput } from '../../../src/config/schema.ts';
import { shell } from '../../bench/shell.ts';
import { NamespaceShell } from './namespace-shell.ts';
import { MARKED_PORTS, markOf, vip } from './world.ts';

/** What a command said, and how it ended. */
export interface Told {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Router {
  /** `input`: what it finds on its standard input */
  ipvsadm(args: readonly string[], input?: string): Promise<Told>;
  setSwitch(name: string, value: number): Promise<void>;
  close(): Promise<void>;
}

const PINS = '/sys/fs/bpf/parity';
const CONFIG = '/tmp/parity.yaml';
const TABLES = { connections: 65_536, 'ipv6-connections': 65_536, persistence: 4096, fragments: 4096 };
const PROTOCOLS = ['tcp', 'udp', 'sctp'] as const;

/** Kernel IPVS in its namespace, driven by Debian's ipvsadm; nftables sets the marks. `marked`: places of scenarios. */
export function openIpvs(marked: readonly number[]): Router {
  const rules = marked.flatMap((place) =>
    (
      [
        ['ip', vip(place, 4)],
        ['ip6', vip(place, 6)],
      ] as const
    ).flatMap(([family, address]) =>
      PROTOCOLS.map(
        (protocol) =>
          `add rule inet m c ${family} daddr ${address} ${protocol} dport { ${MARKED_PORTS.join(', ')} } meta mark set ${markOf(place)}`,
      ),
    ),
  );
  const chain = 'add table inet m\nadd chain inet m c { type filter hook prerouting priority -150 ; }\n';
  shell(`ip netns exec ipvs nft -f - <<'END'\n${chain}${rules.join('\n')}\nEND`);
  const inside = new NamespaceShell('ipvs');
  return {
    ipvsadm: (args, input) => inside.run(['ipvsadm', ...args], input),
    async setSwitch(name, value) {
      const { status, stderr } = await inside.run(['sysctl', '-qw', `net.ipv4.vs.${name}=${value}`]);
      if (status !== 0) throw new Error(`${name}: ${stderr}`);
    },
    async close() {
      inside.close();
      shell('ip netns del ipvs');
    },
  };
}

/** Runs a command of xlvs in this process, on the parity pins. */
async function xlvs(args: readonly string[], input = '', control: Control = realControl): Promise<Told> {
  const said = { stdout: '', stderr: '' };
  const output = (stream: 'stdout' | 'stderr') => ({
    isTerminal: false,
    write(text: string) {
      said[stream] += text;
    },
  });
  const env = { ...process.env, XLVS_PINS: PINS };
  const world = {
    ...realWorld(),
    env,
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: () => input,
    control: async () => control,
  };
  return { status: await runCli(args, world), ...said };
}

/** The same router, its commands by the built program. */
export const byProgram = (router: Router): Router => ({
  ...router,
  async ipvsadm(args, input = '') {
    const env = { ...process.env, XLVS_PINS: PINS };
    const { status, stdout, stderr } = spawnSync('build/xlvs', ['ipvsadm', ...args], { input, env, encoding: 'utf8' });
    return { status: status ?? -1, stdout, stderr };
  },
});

/**
 * xlvs in this namespace, brought up from a file that says interfaces and marks alone. Its pins are opened once: emulated, that takes
 * longer than most commands, which the built program opens them for, too.
 */
export async function openXlvs(marked: readonly number[]): Promise<Router> {
  const config: ConfigInput = {
    interfaces: [
      { device: 'pub0', role: 'public', mode: 'native' },
      { device: 'prv0', role: 'private', mode: 'native' },
    ],
    tables: TABLES,
    marks: marked.flatMap((place) =>
      ([4, 6] as const).flatMap((family) =>
        PROTOCOLS.map((protocol) => ({
          mark: markOf(place),
          protocol,
          address: vip(place, family),
          ports: MARKED_PORTS.map((port) => (/^\d+$/.test(port) ? Number(port) : port)),
        })),
      ),
    ),
  };
  writeFileSync(CONFIG, stringify(config));
  const { status, stderr } = await xlvs(['up', '--config', CONFIG]);
  if (status !== 0) throw new Error(`xlvs up: ${stderr}`);
  const router = realControl.openRouter(PINS);
  const shared = Object.create(router, { close: { value: () => {} } }) as typeof router;
  const control = { ...realControl, openRouter: () => shared };
  return {
    ipvsadm: (args, input) => xlvs(['ipvsadm', ...args], input, control),
    async setSwitch(name, value) {
      router.change({ switches: { ...router.state().switches, [name]: value } });
    },
    async close() {
      router.close();
      await xlvs(['down']);
    },
  };
}
