// SPDX-License-Identifier: MIT
// What no service asks for reaches the kernel untouched: the router's own traffic, what it merely forwards, what is no IPv4.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { askUdp, startUdpServer } from '../../src/lab/udp-server.ts';
import { ping, visit } from './clients.ts';
import { Rig, VIP } from './rig.ts';
import { happened } from './shown.ts';

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create(
    { name: 'notours', servers: 2 },
    { services: [{ name: 'web', protocol: 'tcp', address: VIP, port: 80, servers: [{ address: '10.0.0.1' }] }] },
  );
  const { lab } = rig;
  await startHttpServer(lab.server(1), [80, 8080]);
  await startUdpServer(lab.server(1), 5353);
  await startHttpServer(lab.router, [22]);
  await startUdpServer(lab.router, 5353);
  await startHttpServer(lab.client(), [80]);
  await rig.up();
});

afterAll(() => rig.destroy());

describe('the router’s own traffic', () => {
  test.each(['192.0.2.1', VIP])('connections to its port 22 at %s reach it', async (address) => {
    const seen = await visit(rig.lab.client(), `${address}:22`);
    expect(seen).toMatchObject({ server: 'router', local: `${address}:22`, remote: `${address}:22` });
  });

  test('servers reach it at its private address', async () => {
    expect(await visit(rig.lab.server(1), '10.0.0.254:22')).toMatchObject({ server: 'router' });
  });

  test('a ping of the VIP is answered by it', async () => {
    expect(await ping(rig.lab.client(), VIP)).toBe(`reply from ${VIP}, ttl 64`);
  });

  test('a port of the VIP without a service or listener is refused by it', async () => {
    await expect(visit(rig.lab.client(), `${VIP}:81`)).rejects.toThrow(/Failed to connect|refused/);
  });

  test('datagrams larger than the MTU reach it, reassembled', async () => {
    const text = 'x'.repeat(4000);
    const answer = await askUdp(rig.lab.client(), { address: '192.0.2.1', port: 5353, text });
    expect(answer).toMatch(new RegExp(`^router saw 192\\.0\\.2\\.101:\\d+: ${text}$`));
  });
});

describe('what is forwarded by the kernel', () => {
  test('clients reach servers directly', async () => {
    expect(await visit(rig.lab.client(), '10.0.0.1:8080')).toMatchObject({
      server: 'server1',
      remote: '10.0.0.1:8080',
    });
  });

  test('also at a port that a service uses, beside that service', async () => {
    const direct = visit(rig.lab.client(), '10.0.0.1:80', '--local-port', '40001');
    expect(await direct).toMatchObject({ server: 'server1', remote: '10.0.0.1:80' });
    expect(await visit(rig.lab.client(), VIP)).toMatchObject({ server: 'server1', remote: `${VIP}:80` });
  });

  test('servers reach clients with their own address', async () => {
    expect(await visit(rig.lab.server(2), '192.0.2.101:80')).toMatchObject({ server: 'client1' });
  });

  test('fragments pass', async () => {
    const text = 'y'.repeat(4000);
    expect(await askUdp(rig.lab.client(), { address: '10.0.0.1', port: 5353, text })).toContain(text);
    expect((await rig.show('status')).passes.fragment).toBeGreaterThan(0);
  });
});

describe('IPv6', () => {
  test('passes between the router and its neighbours', async () => {
    const { lab } = rig;
    for (const [host, device, address] of [
      [lab.router, 'pub0', 'fd00::1'],
      [lab.client(), 'eth0', 'fd00::2'],
    ] as const) {
      await host.exec('sysctl', ['-qw', `net.ipv6.conf.${device}.disable_ipv6=0`]);
      await host.exec('ip', ['address', 'add', `${address}/64`, 'dev', device, 'nodad']);
    }
    const web = lab.router.spawn('/usr/bin/python3', ['-um', 'http.server', '8006', '--bind', 'fd00::1']);
    await web.says('Serving HTTP');
    const { stdout } = await lab
      .client()
      .exec('curl', ['-sS', '--max-time', '5', '-o', '/dev/null', '-w', '%{http_code}', 'http://[fd00::1]:8006/']);
    expect(stdout).toBe('200');
    await web.stop('SIGKILL');
  });
});

test('nothing of it was dropped, and only the service’s own connection was counted', async () => {
  const status = await rig.show('status');
  expect(happened(status.drops)).toEqual({});
  expect(status.counters.connections).toBe(1);
});
