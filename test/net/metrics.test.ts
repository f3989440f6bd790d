// SPDX-License-Identifier: MIT
// The metrics endpoint of a daemon, scraped in the router's namespace: it counts what clients sent, no more and no less.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { hold, visits } from './clients.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

const config = (port: number): RigConfig => ({
  marks: [{ mark: 80, protocol: 'tcp', address: VIP, ports: [8080, '9000-9010'] }],
  services: [
    {
      name: 'web',
      protocol: 'tcp',
      address: VIP,
      port: 80,
      scheduler: 'rr',
      servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2', weight: 4 }],
    },
    { name: 'echo', protocol: 'udp', address: VIP, port: 5353, servers: [{ address: '10.0.0.1' }] },
    { name: 'marked', mark: 80, persistence: {}, servers: [{ address: '10.0.0.2' }] },
  ],
  metrics: { listen: `127.0.0.1:${port}` },
});

let rig: Rig;
let daemon: LabProcess;

beforeAll(async () => {
  rig = await Rig.create({ name: 'metrics', servers: 2 }, config(9200));
  const { lab } = rig;
  await Promise.all([startHttpServer(lab.server(1)), startHttpServer(lab.server(2), [80, 9001])]);
  await startUdpServer(lab.server(1), 5353);
  daemon = await rig.daemon();
});

afterAll(() => rig.destroy());

let port = 9200;
const get = (path: string, ...curl: string[]): Promise<string> =>
  rig.onRouter(['curl', '-sS', '--max-time', '5', ...curl, `http://127.0.0.1:${port}${path}`].join(' '));

/** All samples, by name and labels as they are written. */
async function scrape(): Promise<Record<string, number>> {
  const lines = (await get('/metrics')).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

test('counters equal what the client’s wire carried, packet by packet and byte by byte', async () => {
  const { lab } = rig;
  const capture = await lab.capture(lab.client(), 'eth0', `host ${VIP} and (tcp port 80 or udp port 5353)`);
  await visits(lab.client(), VIP, 6);
  for (const text of ['a', 'bb', 'ccc'])
    await askUdp(lab.client(), { address: VIP, port: 5353, sourcePort: 4000, text });
  const packets = await (await capture.stop()).packets('-v');
  const lengths = (isOut: boolean) =>
    packets
      .filter((packet) => packet.includes(`> ${VIP}.`) === isOut)
      .map((packet) => Number(/ length (\d+)\)/.exec(packet)?.[1]));
  const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0);
  const counted = {
    connections: 7,
    incoming_packets: lengths(true).length,
    incoming_bytes: sum(lengths(true)),
    outgoing_packets: lengths(false).length,
    outgoing_bytes: sum(lengths(false)),
  };
  expect(counted.incoming_packets).toBeGreaterThan(30);
  expect((await rig.show('status')).counters).toEqual(counted);
  const samples = await scrape();
  for (const [field, value] of Object.entries(counted)) {
    expect(samples[`node_ipvs_${field}_total`], field).toBe(value);
    const services = ['web', 'echo', 'marked'].map(
      (name) => samples[`xlvs_service_${field}_total{service="${name}"}`] ?? -1,
    );
    expect(sum(services), field).toBe(value);
  }
  expect(samples['xlvs_server_connections_total{service="web",server="10.0.0.1",port="80"}']).toBe(3);
  expect(samples['xlvs_server_connections_total{service="web",server="10.0.0.2",port="80"}']).toBe(3);
  expect(samples['xlvs_server_connections_total{service="echo",server="10.0.0.1",port="5353"}']).toBe(1);
});

test('active connections, weights and persistence entries are what they are now', async () => {
  const held = await hold(rig.lab.client(), VIP, 9001, 2);
  const samples = await scrape();
  expect(samples['xlvs_service_active_connections{service="marked"}']).toBe(2);
  expect(samples['xlvs_service_persistence_entries{service="marked"}']).toBe(1);
  expect(samples['xlvs_server_weight{service="web",server="10.0.0.2",port="80"}']).toBe(4);
  await held.process.stop();
  await expect.poll(async () => (await scrape())['xlvs_service_active_connections{service="marked"}']).toBe(0);
});

test('servers appear under node_exporter’s ipvs names and labels, those of a mark without an address', async () => {
  const samples = await scrape();
  const address = `local_address="${VIP}",local_mark="",local_port="80",proto="TCP"`;
  expect(samples[`node_ipvs_backend_weight{${address},remote_address="10.0.0.2",remote_port="80"}`]).toBe(4);
  const mark = 'local_address="",local_mark="00000050",local_port="",proto="FWM"';
  expect(samples[`node_ipvs_backend_connections_inactive{${mark},remote_address="10.0.0.2",remote_port="0"}`]).toBe(2);
});

test('interfaces and tables are there, and reasons by name', async () => {
  const samples = await scrape();
  expect(samples['xlvs_interface_attached{device="pub0",role="public",mode="native"}']).toBe(1);
  expect(samples['xlvs_table_capacity{table="connections"}']).toBe(16_384);
  expect(samples['xlvs_table_entries{table="connections"}']).toBe((await rig.show('connections')).length);
  expect(samples['xlvs_drops_total{reason="table_full"}']).toBe(0);
  expect(samples['xlvs_passes_total{reason="not_ip"}']).toBeGreaterThan(0);
  expect(samples['xlvs_events_total{event="connection_created"}']).toBe(9);
});

test('every series has help and type', async () => {
  const lines = (await get('/metrics')).split('\n');
  const described = (word: string) =>
    new Set(lines.filter((line) => line.startsWith(`# ${word} `)).map((line) => line.split(' ')[2]));
  for (const name of Object.keys(await scrape()).map((key) => key.split('{')[0]))
    expect([name, described('HELP').has(name), described('TYPE').has(name)]).toEqual([name, true, true]);
});

test('a reload moves the endpoint', async () => {
  rig.write(config(9201));
  expect((await rig.xlvs(['reload'])).stdout).toBe('~ metrics: listen 127.0.0.1:9200 -> 127.0.0.1:9201\n');
  await expect(get('/metrics')).rejects.toThrow(/Failed to connect|refused/);
  port = 9201;
  expect((await scrape()).node_ipvs_connections_total).toBe(9);
});

test('/healthz is well while the data plane is attached, and says what is wrong when it is not', async () => {
  expect(await get('/healthz', '-w', '%{http_code}', '-o', '/dev/null')).toBe('200');
  await rig.onRouter('ip link del prv0');
  await expect.poll(() => get('/healthz', '-w', '%{http_code}')).toMatch(/prv0[\s\S]*503$/);
});

test('the end of the daemon closes the endpoint', async () => {
  await daemon.stop();
  await expect(get('/metrics')).rejects.toThrow(/Failed to connect|refused/);
});
