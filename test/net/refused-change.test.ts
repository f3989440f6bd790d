// SPDX-License-Identifier: MIT
// A change of a running router that cannot be made whole: what ran runs on, interfaces, addresses and services, and the message
// says what is in the way.
import { Link } from 'libbpf-ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { linkedDevices } from '../../src/dataplane/links.ts';
import { pinPaths } from '../../src/dataplane/pins.ts';
import { startHttpServer } from '../../src/lab/http-server.ts';
import { visit } from './clients.ts';
import { Rig, type RigConfig, VIP } from './rig.ts';

type Interfaces = NonNullable<RigConfig['interfaces']>;

const PUBLIC: Interfaces[number] = { device: 'pub0', role: 'public', addresses: [`${VIP}/24`] };
const PRIVATE: Interfaces[number] = { device: 'prv0', role: 'private' };
/** One without native XDP. */
const BRIDGE: Interfaces[number] = { device: 'br9', role: 'public', addresses: [`${VIP}/24`] };

const config = (interfaces: Interfaces, vip = VIP): RigConfig => ({
  interfaces,
  services: [{ name: 'web', protocol: 'tcp', address: vip, port: 80, servers: [{ address: '10.0.0.1' }] }],
});
const running = config([
  { ...PUBLIC, mode: 'native' },
  { ...PRIVATE, mode: 'native' },
]);

let rig: Rig;

beforeEach(async () => {
  rig = await Rig.create({ name: 'refused', servers: 1 }, running);
  await startHttpServer(rig.lab.server(1));
  await rig.onRouter('ip link add br9 up type bridge');
});

afterEach(() => rig.destroy());

function linkId(pin: string): number {
  const link = Link.openPin(pin);
  try {
    return link.info().id;
  } finally {
    link.close();
  }
}

/** What is attached, and by which link: one that was taken off and put back is another. */
async function standing() {
  const { interfaces } = await rig.show('status');
  const links = linkedDevices(rig.pins).map((device) => linkId(pinPaths.link(rig.pins, device)));
  return { machine: await rig.snapshot(), interfaces, links };
}

/** The file is refused by this message, and nothing is another than before. */
async function expectRefused(file: RigConfig, verb: 'apply' | 'reload', message: RegExp): Promise<void> {
  const before = await standing();
  rig.write(file);
  const { status, stderr } = await rig.tryXlvs(verb === 'apply' ? ['apply', rig.configFile] : ['reload']);
  expect([status, stderr]).toEqual([verb === 'apply' ? 1 : 2, expect.stringMatching(message)]);
  expect(await standing()).toEqual(before);
  expect((await visit(rig.lab.client(), VIP)).server).toBe('server1');
  rig.write(running);
  expect((await rig.xlvs(['diff', rig.configFile])).stdout).toBe('no differences\n');
}

describe.each([
  ['apply, without a daemon', 'apply', () => rig.up()],
  ['reload', 'reload', () => rig.daemon()],
] as const)('%s', (_, verb, start) => {
  beforeEach(async () => {
    await start();
  });

  test.each([
    ['an interface in the place of another', [BRIDGE, PRIVATE]],
    ['one more', [PUBLIC, PRIVATE, { ...BRIDGE, addresses: [] }]],
  ])('%s that cannot run in the mode of the rest', async (_what, interfaces) => {
    await expectRefused(config(interfaces), verb, /\bbr9\b.*native mode.*; .*`xlvs down`/);
  });

  test('another mode', async () => {
    const generic = config([PUBLIC, { ...PRIVATE, mode: 'generic' }]);
    await expectRefused(generic, verb, /run in native mode, the config asks for generic; .*`xlvs down`/);
  });

  test('an address that the kernel does not take', async () => {
    const other = '192.0.2.99';
    const interfaces = [{ ...PUBLIC, addresses: [`${other}/24`, '2001:db8::99/64'] }, PRIVATE];
    await expectRefused(config(interfaces, other), verb, /2001:db8::99/);
  });
});

test('diff says that a mode stays while the router runs', async () => {
  await rig.up();
  rig.write(config([PUBLIC, { ...PRIVATE, mode: 'generic' }]));
  expect((await rig.xlvs(['diff', rig.configFile])).stdout).toMatch(
    /^~ interface prv0: mode native -> generic \(takes `xlvs down` first: .*\)\n$/,
  );
});

test('a device that got another name keeps its link', async () => {
  await rig.up();
  const { links } = await standing();
  await rig.onRouter('ip link set prv0 name prv9');
  rig.write(config([PUBLIC, { ...PRIVATE, device: 'prv9' }]));
  await rig.xlvs(['apply', rig.configFile]);
  expect((await rig.show('status')).interfaces).toMatchObject([{ mode: 'native' }, { mode: 'native' }]);
  expect((await standing()).links).toEqual(links);
  expect((await visit(rig.lab.client(), VIP)).server).toBe('server1');
});
