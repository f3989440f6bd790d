// SPDX-License-Identifier: MIT
// masquerade: what servers send on their own leaves from the router's address, and what xlvs sends does not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startFtpServer } from '../../src/lab/ftp-server.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { payload, payloadSha256 } from '../../src/lab/payload.ts';
import { ipv6Of, ROUTER_PUBLIC } from '../../src/lab/topology.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { ping, visit } from './clients.ts';
import { Rig, type RigConfig, VIP, XLVS } from './rig.ts';

const SIZE = 5_000_000;
const VIP6 = ipv6Of(VIP);
const servers = [{ address: '10.0.0.1' }];

const config: RigConfig = {
  interfaces: [
    { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, `${VIP6}/64`] },
    { device: 'prv0', role: 'private' },
  ],
  marks: [{ mark: 21, protocol: 'tcp', address: VIP, ports: [21, '10000-20000'] }],
  services: [
    { name: 'web', protocol: 'tcp', address: VIP, port: 80, servers },
    { name: 'echo', protocol: 'udp', address: VIP, port: 53, servers },
    { name: 'ftp', mark: 21, persistence: { timeout: 300 }, servers },
  ],
  masquerade: true,
};

const tables = async (rig: Rig): Promise<string> => (await rig.onRouter('nft list tables')).trim();
const ofPins = ({ pins }: Rig): string => `table inet xlvs${pins}`;
const portOf = (endpoint: string): string => endpoint.slice(endpoint.lastIndexOf(':') + 1);

describe('with masquerade', () => {
  let rig: Rig;
  const server = () => rig.lab.server(1);
  const client = () => rig.lab.client(1);

  beforeAll(async () => {
    rig = await Rig.create({ name: 'masq', servers: 1, ipv6: true }, config);
    const directory = rig.lab.directory;
    writeFileSync(join(directory, 'file'), Buffer.concat([...payload(SIZE)]));
    await startHttpServer(server(), [80]);
    await startUdpServer(server(), 53);
    await startHttpServer(client(), [80]);
    await startHttpServer(client(), [8080], '::');
    await startUdpServer(client(), 53);
    await startFtpServer(server(), { directory, passivePorts: '10000-20000', passiveAddress: VIP });
    await rig.up();
  });

  afterAll(() => rig.destroy());

  test('a server reaches the outside by TCP, from the router’s address', async () => {
    const seen = await visit(server(), client().address);
    expect(seen.client).toBe(`${ROUTER_PUBLIC}:${portOf(seen.client)}`);
  });

  test('by IPv6 as well', async () => {
    const seen = await visit(server(), `[${ipv6Of(client().address)}]:8080`);
    expect(seen.client).toBe(`[${ipv6Of(ROUTER_PUBLIC)}]:${portOf(seen.client)}`);
  });

  test('by UDP and ping', async () => {
    expect(await askUdp(server(), { address: client().address, port: 53 })).toMatch(
      /^client1 saw 192\.0\.2\.1:\d+: hello$/,
    );
    const capture = await rig.lab.capture(client(), 'eth0', 'icmp');
    expect(await ping(server(), client().address)).toMatch(/^reply from 192\.0\.2\.101/);
    await capture.stop();
    expect((await capture.packets()).join('\n')).toMatch(/192\.0\.2\.1 > 192\.0\.2\.101: ICMP echo request/);
  });

  test('from port 20, as active FTP does, it keeps the port', async () => {
    expect((await visit(server(), client().address, '--local-port', '20')).client).toBe(`${ROUTER_PUBLIC}:20`);
  });

  test.each([
    [
      'lftp',
      `lftp -c 'set net:max-retries 1; set net:timeout 5; set ftp:passive-mode no; open ftp://${VIP}; cat file'`,
    ],
    ['curl by PORT', `curl -sS --max-time 10 --disable-eprt --ftp-port - ftp://${VIP}/file`],
    ['curl by EPRT', `curl -sS --max-time 10 --ftp-port - ftp://${VIP}/file`],
  ])('a client downloads by active FTP: %s', async (_, command) => {
    const { stdout } = await client().exec('bash', ['-o', 'pipefail', '-c', `${command} | sha256sum`]);
    expect(stdout.split(' ')[0]).toBe(payloadSha256(SIZE));
  });

  test('clients of the VIP are answered by it, and their servers see them', async () => {
    const seen = await visit(client(), VIP, '--local-port', '40000');
    expect(seen).toMatchObject({ client: '192.0.2.101:40000', remote: `${VIP}:80` });
    expect(await askUdp(client(), { address: VIP, port: 53, sourcePort: 4000 })).toBe(
      'server1 saw 192.0.2.101:4000: hello',
    );
  });

  test('so are those whose answer the kernel fragments', async () => {
    await rig.onRouter('ip route replace 192.0.2.101/32 dev pub0 mtu lock 1280');
    try {
      const text = 'y'.repeat(20_000);
      expect(await askUdp(client(), { address: VIP, port: 53, text })).toContain(text);
      expect((await rig.show('status')).passes.too_big).toBeGreaterThan(0);
    } finally {
      await rig.onRouter('ip route del 192.0.2.101/32 dev pub0');
    }
  });

  test('those whose server the kernel has to find are seen by it as they are', async () => {
    await rig.onRouter('ip neighbour del 10.0.0.1 dev prv0');
    expect((await visit(client(), VIP, '--local-port', '40001')).client).toBe('192.0.2.101:40001');
  });

  test('the router’s own connections keep their address', async () => {
    expect((await visit(server(), '10.0.0.1')).client).toMatch(/^10\.0\.0\.1:/);
    const { stdout } = await rig.lab.router.exec('curl', ['-sS', `http://${client().address}/`]);
    expect(stdout).toContain(`saw ${ROUTER_PUBLIC}:`);
  });
});

describe('the table of nftables', () => {
  let rig: Rig;
  afterEach(() => rig.destroy());

  test('comes and goes with the router, and stands beside others', async () => {
    rig = await Rig.create({ name: 'masqtable', servers: 1, ipv6: true }, config);
    await rig.onRouter('nft add table inet other');
    expect(await rig.up()).toContain(`+ masquerade: ${ofPins(rig)}`);
    expect(await tables(rig)).toBe(`table inet other\n${ofPins(rig)}`);
    expect(await rig.up()).not.toContain('masquerade');
    expect((await rig.xlvs(['down'])).stdout).toContain(`removed ${ofPins(rig)} of nftables`);
    expect(await tables(rig)).toBe('table inet other');
  });

  test('is switched by a reload, and put back by the daemon when somebody flushes the ruleset', async () => {
    rig = await Rig.create({ name: 'masqreload', servers: 1, ipv6: true }, { ...config, masquerade: false });
    const daemon = await rig.daemon();
    expect(await tables(rig)).toBe('');
    rig.write(config);
    expect((await rig.xlvs(['reload'])).stdout).toContain('+ masquerade');
    expect(await tables(rig)).toBe(ofPins(rig));
    await rig.onRouter('nft flush ruleset');
    // the daemon looks at every change of an address, and every half minute
    await rig.onRouter('ip address add 203.0.113.1/32 dev pub0');
    await expect.poll(() => tables(rig), { timeout: 10_000 }).toBe(ofPins(rig));
    rig.write({ ...config, masquerade: false });
    expect((await rig.xlvs(['reload'])).stdout).toContain('- masquerade');
    expect(await tables(rig)).toBe('');
    await daemon.stop();
  });

  test('that apply brought or took away stays so through a reload and a restart of the daemon', async () => {
    const without = { ...config, masquerade: false };
    rig = await Rig.create({ name: 'masqapply', servers: 1, ipv6: true }, without);
    let daemon = await rig.daemon();
    const apply = async (applied: RigConfig, own: RigConfig) => {
      rig.write(applied);
      await rig.xlvs(['apply', rig.configFile]);
      rig.write(own);
    };
    await apply(config, without);
    expect((await rig.xlvs(['reload'])).stdout).toBe('nothing to change\n');
    await daemon.stop();
    daemon = await rig.daemon();
    expect(await tables(rig)).toBe(ofPins(rig));
    rig.write(config);
    await rig.xlvs(['reload']);
    await apply(without, { ...config, timeouts: { udp: 100 } });
    await rig.xlvs(['reload']);
    expect(await tables(rig)).toBe('');
    await daemon.stop();
  });

  test('is one, however its pins are written', async () => {
    rig = await Rig.create({ name: 'masqpins', servers: 1, ipv6: true }, config);
    await rig.up();
    const pins = `${rig.pins}/../xlvs/`;
    const { stdout } = await rig.lab.router.exec(XLVS, ['apply', rig.configFile, '--pins', pins]);
    expect(stdout).toBe('nothing to change\n');
    expect(await tables(rig)).toBe(ofPins(rig));
    await rig.xlvs(['down']);
    expect(await tables(rig)).toBe('');
  });

  test('that lacks a rule is made whole', async () => {
    rig = await Rig.create({ name: 'masqrule', servers: 1, ipv6: true }, config);
    await rig.up();
    const whole = await rig.onRouter('nft list ruleset');
    await rig.onRouter(`nft flush chain inet xlvs${rig.pins} outbound`);
    expect(await rig.up()).toContain('+ masquerade');
    expect(await rig.onRouter('nft list ruleset')).toBe(whole);
  });
});
