// SPDX-License-Identifier: MIT
// Real clients and servers on VLAN devices, with one tag or two, on one side or both, on two ports or on one. In a guest, since
// not every kernel has VLAN devices.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../../src/lab/http-server.ts';
import { payloadSha256 } from '../../../src/lab/payload.ts';
import { ipv6Of, type LabOptions, vlanDevice } from '../../../src/lab/topology.ts';
import { askUdp, startUdpServer } from '../../../src/lab/udp-server.ts';
import { downloadSha256, visits } from '../../net/clients.ts';
import { Rig, type RigConfig, VIP } from '../../net/rig.ts';

const SIZE = 1_000_000;
const SERVERS = ['10.0.0.1', '10.0.0.2'];
const FAMILIES = [
  { family: 'IPv4', vip: VIP, url: VIP, of: (address: string) => address },
  { family: 'IPv6', vip: ipv6Of(VIP), url: `[${ipv6Of(VIP)}]`, of: ipv6Of },
];

type Mode = 'native' | 'generic';
interface Scene extends Pick<LabOptions, 'publicVlans' | 'privateVlans' | 'onStick'> {
  readonly title: string;
  readonly mode: Mode;
}

const SCENES: Scene[] = [
  { title: 'a VLAN outside', mode: 'native', publicVlans: [100] },
  { title: 'both sides in VLANs of two ports', mode: 'generic', publicVlans: [100], privateVlans: [200] },
  { title: 'two tags outside, one inside', mode: 'native', publicVlans: [100, 7], privateVlans: [200] },
  { title: 'one tag outside, two inside', mode: 'generic', publicVlans: [100], privateVlans: [200, 7] },
  { title: 'a router on a stick', mode: 'native', publicVlans: [100], privateVlans: [200], onStick: true },
];

/** The router's devices of both sides. */
const sides = ({ publicVlans, privateVlans, onStick }: Scene) =>
  [vlanDevice('pub0', publicVlans), vlanDevice(onStick ? 'pub0' : 'prv0', privateVlans)] as const;

function configOf(scene: Scene): RigConfig {
  const [outside, inside] = sides(scene);
  return {
    interfaces: [
      { device: outside, role: 'public', mode: scene.mode, addresses: [`${VIP}/24`, `${ipv6Of(VIP)}/64`] },
      { device: inside, role: 'private' },
    ],
    services: FAMILIES.flatMap(({ family, vip, of }) => {
      const servers = SERVERS.map((address) => ({ address: of(address) }));
      return [
        { name: `web-${family}`, protocol: 'tcp', address: vip, port: 80, scheduler: 'rr', servers },
        { name: `echo-${family}`, protocol: 'udp', address: vip, port: 53, servers },
        { name: `idle-${family}`, protocol: 'tcp', address: vip, port: 81, servers: [] },
      ] as const;
    }),
  };
}

async function create(scene: Scene): Promise<Rig> {
  const { publicVlans, privateVlans, onStick = false } = scene;
  const vlans = { ...(publicVlans && { publicVlans }), ...(privateVlans && { privateVlans }) };
  const options: LabOptions = { name: 'vlan', servers: 2, ipv6: true, onStick, ...vlans };
  const rig = await Rig.create({ ...options, clientRouted: !onStick }, configOf(scene));
  await Promise.all(
    rig.lab.servers.flatMap((server) => [startHttpServer(server, [80], '::'), startUdpServer(server, 53, '::')]),
  );
  return rig;
}

describe.each(SCENES)('$title, $mode', (scene) => {
  const [outside, inside] = sides(scene);
  let rig: Rig;

  beforeAll(async () => {
    rig = await create(scene);
    await rig.daemon();
  });
  afterAll(() => rig.destroy());

  test.each(FAMILIES)('$family: TCP, large datagrams, and what a client is told', async ({ vip, url }) => {
    const client = rig.lab.client();
    expect(new Set(await visits(client, url, 2))).toEqual(new Set(['server1', 'server2']));
    expect(await downloadSha256(client, `http://${url}/bytes/${SIZE}`)).toBe(payloadSha256(SIZE));
    const upload = `head -c ${SIZE} /dev/zero | curl -sSf --max-time 60 --data-binary @- http://${url}/`;
    expect((await client.exec('sh', ['-c', upload])).stdout).toMatch(`got ${SIZE} bytes`);
    const text = 'x'.repeat(20_000);
    expect(await askUdp(client, { address: vip, port: 53, text })).toContain(text);
    // 7: refused; 28 would be a timeout
    const refused = ['-sS', '--max-time', '20', `http://${url}:81/`];
    expect((await client.exec('curl', refused, { check: false })).status).toBe(7);
  });

  test('xlvs carried all of it, and status shows what is below', async () => {
    const { counters, drops, interfaces } = await rig.show('status');
    // down and up once for each family
    const packets = (2 * SIZE) / 1500;
    expect(counters.incoming_packets).toBeGreaterThan(packets);
    expect(counters.outgoing_packets).toBeGreaterThan(packets);
    expect(drops.no_headroom).toBe(0);
    const shown = (device: string, vlans: readonly number[] = []) =>
      expect.objectContaining({ device, mode: scene.mode, port: device.split('.')[0], vlans });
    expect(interfaces).toHaveLength(2);
    expect(interfaces).toContainEqual(shown(outside, scene.publicVlans));
    expect(interfaces).toContainEqual(shown(inside, scene.privateVlans));
  });
});

describe('a VLAN device', () => {
  const scene: Scene = { title: '', mode: 'generic', publicVlans: [100], privateVlans: [200], onStick: true };
  let rig: Rig;
  const client = () => rig.lab.client();
  beforeAll(async () => {
    rig = await create(scene);
  });
  afterAll(() => rig.destroy());

  test('on a port that takes tags out of frames is refused with the cure', async () => {
    await rig.onRouter('ethtool -K pub0 rxvlan on');
    const { status, stderr } = await rig.tryXlvs(['up', '--config', rig.configFile]);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/pub0.*VLAN tags.*ethtool -K pub0 rxvlan off/)]);
    await rig.onRouter('ethtool -K pub0 rxvlan off');
  });

  test('says where its floating address is, in its VLAN', async () => {
    const capture = await rig.lab.capture(client(), 'eth0.100', 'arp');
    const before = await rig.snapshot();
    await rig.up();
    expect((await (await capture.stop()).packets()).join('\n')).toContain(`Reply ${VIP} is-at`);
    await rig.xlvs(['down']);
    expect(await rig.snapshot()).toEqual(before);
  });

  test('that is deleted is told and shown; one that comes back serves again', async () => {
    const daemon = await rig.daemon();
    const mode = async () => (await rig.show('status')).interfaces.find(({ device }) => device === 'pub0.100')?.mode;
    expect(await mode()).toBe('generic');
    await rig.onRouter('ip link del pub0.100');
    await daemon.says('device pub0.100 is gone');
    expect(await mode()).toBeNull();
    await rig.onRouter('ip link add link pub0 name pub0.100 type vlan id 100');
    await rig.onRouter('ip link set pub0.100 up');
    await daemon.says('~ interface pub0.100: attached again');
    await daemon.says(`+ address ${VIP}/24 on pub0.100 again`);
    expect(await mode()).toBe('generic');
    await expect.poll(() => visits(client(), VIP, 1), { timeout: 60_000 }).toHaveLength(1);
    await daemon.stop();
    await rig.xlvs(['down']);
  });
});
