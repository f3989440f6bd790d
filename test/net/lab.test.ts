// SPDX-License-Identifier: MIT
// The lab itself, without xlvs: the kernel forwards, the servers tell whom they saw, nothing is left behind.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDnsServer } from '../../src/lab/dns-server.ts';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { Lab } from '../../src/lab/lab.ts';
import { LabProcess } from '../../src/lab/lab-process.ts';
import { labDirectory, labId } from '../../src/lab/leftovers.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { runCommand } from '../../src/lab/run-command.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';

const namespaces = (id: string): string[] => readdirSync('/run/netns').filter((name) => name.startsWith(`${id}-`));
const sha256 = (text: string): string => text.split(' ')[0] ?? '';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const SCRIPT = `
import { startHttpServer } from './src/lab/http-server.ts';
import { Lab } from './src/lab/lab.ts';
const lab = Lab.create({ name: 'labsignal', servers: 1 });
await startHttpServer(lab.server(1));
console.log((await lab.client().exec('curl', ['-sS', 'http://10.0.0.1/'])).stdout + 'up');
`;

describe('a lab with two routed clients and three servers', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = Lab.create({ name: 'labtest', clients: 2, servers: 3, clientRouted: true });
    await Promise.all(lab.servers.map((server) => startHttpServer(server, [80, 8080])));
  });
  afterAll(() => lab.destroy());

  test('lets every client reach every server, which sees the client’s own address', async () => {
    for (const client of [lab.client(1), lab.client(2)]) {
      for (const server of lab.servers) {
        const { stdout } = await client.exec('curl', ['-sS', '--max-time', '5', `http://${server.address}:8080/`]);
        expect(stdout).toMatch(new RegExp(`^${server.name} saw ${client.address}:\\d+ -> ${server.address}:8080\n$`));
      }
    }
  });

  test('forwards by the router: without ip_forward nothing passes', async () => {
    const fetch = () => lab.client().exec('curl', ['-sS', '-m2', `http://${lab.server(1).address}/`], { check: false });
    expect((await fetch()).status).toBe(0);
    await lab.router.exec('sysctl', ['-qw', 'net.ipv4.ip_forward=0']);
    expect((await fetch()).status).toBe(28);
    await lab.router.exec('sysctl', ['-qw', 'net.ipv4.ip_forward=1']);
  });

  test('carries 20 MB unharmed, in segments of wire size with right checksums at both ends', async () => {
    const size = 20_000_000;
    const captures = [await lab.capture(lab.client(), 'eth0', 'tcp'), await lab.capture(lab.server(2), 'eth0', 'tcp')];
    const url = `http://${lab.server(2).address}/bytes/${size}`;
    const { stdout } = await lab.client().exec('sh', ['-c', `curl -sS --max-time 20 ${url} | sha256sum`]);
    expect(sha256(stdout)).toBe(payloadSha256(size));
    for (const capture of captures) {
      await capture.stop();
      expect((await capture.packets()).length).toBeGreaterThan(1_000);
      expect(await capture.packets('greater', '1515')).toEqual([]);
      expect(await capture.wrongChecksums()).toEqual([]);
    }
  });

  test('finds wrong checksums: those of a server that leaves them to its interface', async () => {
    await lab.server(1).exec('ethtool', ['-K', 'eth0', 'tx', 'on']);
    const capture = await lab.capture(lab.server(1), 'eth0', 'tcp');
    await lab.client().exec('curl', ['-sS', '--max-time', '5', `http://${lab.server(1).address}/`]);
    await lab.server(1).exec('ethtool', ['-K', 'eth0', 'tx', 'off']);
    const wrong = await (await capture.stop()).wrongChecksums();
    expect(wrong.length).toBeGreaterThan(0);
    for (const packet of wrong) expect(packet).toContain('10.0.0.1.80 > 198.51.100.1');
  });

  test('answers datagrams', async () => {
    await startUdpServer(lab.server(3), 5353);
    const answer = await askUdp(lab.client(2), { address: '10.0.0.3', port: 5353, sourcePort: 4000, text: 'hi' });
    expect(answer).toBe('server3 saw 198.51.100.2:4000: hi');
  });

  test('reports a datagram that nobody answers', async () => {
    await expect(askUdp(lab.client(), { address: '10.0.0.3', port: 9, timeout: 500 })).rejects.toThrow(/10\.0\.0\.3:9/);
  });

  test('resolves names over UDP and TCP', async () => {
    await startDnsServer(lab.server(1));
    for (const transport of ['+notcp', '+tcp']) {
      const { stdout } = await lab.client().exec('dig', ['+short', transport, '@10.0.0.1', 'who.lab', 'TXT']);
      expect(stdout).toBe('"server1"\n');
    }
  });

  test.each(['--disable-epsv', '--epsv'])('serves files by passive FTP (%s)', async (mode) => {
    writeFileSync(join(lab.directory, 'file'), Buffer.concat([...payload(1_000_000)]));
    const ftp = await startFtpServer(lab.server(2), { directory: lab.directory, passivePorts: '10000-10100' });
    const { stdout } = await lab.client().exec('sh', ['-c', `curl -sS ${mode} ftp://10.0.0.2/file | sha256sum`]);
    expect(sha256(stdout)).toBe(payloadSha256(1_000_000));
    await ftp.stop();
  });

  test('leaves no offload in the way of XDP on any interface', async () => {
    const { stdout } = await lab.router.exec('ethtool', ['-k', 'pub0']);
    expect(stdout).toMatch(/^tx-checksumming: off$/m);
    expect(stdout).toMatch(/^\ttx-checksum-sctp: off$/m);
    expect(stdout).toMatch(/^tcp-segmentation-offload: off$/m);
    expect(stdout).toMatch(/^generic-segmentation-offload: off$/m);
    expect(stdout).toMatch(/^generic-receive-offload: on$/m);
  });

  test('gives every interface the queues asked for', async () => {
    const { stdout } = await lab.router.exec('ip', ['-j', '-d', 'link', 'show', 'dev', 'prv0']);
    expect(JSON.parse(stdout)[0]).toMatchObject({ num_rx_queues: 2, num_tx_queues: 2, mtu: 1500 });
  });

  test('shows what was pinned by one command to the next', async () => {
    const directory = join(lab.mountBpffs(), 'made-inside');
    await lab.router.exec('mkdir', [directory]);
    expect((await lab.client().exec('ls', [lab.mountBpffs()])).stdout).toContain('made-inside\n');
  });

  test('reports a command that fails, and one that takes too long', async () => {
    await expect(lab.router.exec('ip', ['link', 'show', 'nodevice'])).rejects.toThrow(
      /router: ip link show nodevice: exit/,
    );
    await expect(lab.router.exec('sh', ['-c', 'sleep 60 | cat'], { timeout: 100 })).rejects.toThrow(
      /killed after 100 ms/,
    );
  });
});

describe('the end of a lab', () => {
  test('leaves no namespace, process, mount or file behind, and may come twice', async () => {
    const lab = Lab.create({ name: 'labend', servers: 1 });
    const server = await startHttpServer(lab.server(1));
    lab.mountBpffs();
    lab.destroy();
    lab.destroy();
    expect(await server.exited).toEqual({ status: undefined, signal: 'SIGKILL' });
    expect(namespaces(lab.id)).toEqual([]);
    expect(existsSync(lab.directory)).toBe(false);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(lab.id);
  });

  test('coexists with another lab', () => {
    const one = Lab.create({ name: 'labone', servers: 1 });
    const two = Lab.create({ name: 'labtwo', servers: 1 });
    one.destroy();
    expect(namespaces(two.id)).toHaveLength(3);
    two.destroy();
  });

  test('that a killed process did not see is made up for by the next of that name', async () => {
    const killed = spawn('sleep', ['60']);
    const id = labId('labkilled', killed.pid ?? 0);
    runCommand('ip', ['netns', 'add', `${id}-router`]);
    mkdirSync(join(labDirectory(id), 'bpf'), { recursive: true });
    runCommand('mount', ['-t', 'bpf', 'bpf', join(labDirectory(id), 'bpf')]);
    Lab.create({ name: 'labkilled', servers: 1 }).destroy();
    expect(namespaces(id), 'of a living process').toEqual([`${id}-router`]);
    killed.kill('SIGKILL');
    await new Promise((resolve) => killed.once('close', resolve));
    Lab.create({ name: 'labkilled', servers: 1 }).destroy();
    expect(namespaces(id)).toEqual([]);
    expect(existsSync(labDirectory(id))).toBe(false);
  });

  test('comes with the end of its process by a signal, also when that runs from a bundle', async () => {
    const outfile = join(tmpdir(), `labsignal-${process.pid}.mjs`);
    await build({
      stdin: { contents: SCRIPT, resolveDir: ROOT },
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
    });
    const running = await new LabProcess([process.execPath, outfile]).says('up');
    expect(running.stdout).toMatch(/^server1 saw 192\.0\.2\.101/);
    expect(namespaces(labId('labsignal', running.pid))).toHaveLength(3);
    expect(await running.stop('SIGINT')).toEqual({ status: 130, signal: undefined });
    expect(namespaces(labId('labsignal', running.pid))).toEqual([]);
    rmSync(outfile);
  });

  test('comes with a failed start', () => {
    expect(() => Lab.create({ name: 'labfails', mtu: 10 })).toThrow(/link add name pub0|mtu|invalid/i);
    expect(namespaces(labId('labfails', process.pid))).toEqual([]);
  });
});
