// SPDX-License-Identifier: MIT
// diff shows what apply would add to the machine and take back from it: the same lines before, none after.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Rig, type RigConfig, VIP } from './rig.ts';

const VIP6 = '2001:db8::10';
const OWN = '192.0.2.77/24';

interface Addresses {
  readonly pub0?: string[];
  readonly prv0?: string[];
}

const withAddresses = ({ pub0 = [`${VIP}/24`], prv0 = [] }: Addresses, masquerade = false): RigConfig => ({
  interfaces: [
    { device: 'pub0', role: 'public', addresses: pub0 },
    { device: 'prv0', role: 'private', addresses: prv0 },
  ],
  masquerade,
});

let rig: Rig;

beforeAll(async () => {
  rig = await Rig.create({ name: 'diff', servers: 1, ipv6: true });
});

afterAll(() => rig.destroy());

const lines = async (verb: string) => (await rig.xlvs([verb, rig.configFile])).stdout.trim().split('\n');
/** What stands on the machine, and what of it is xlvs's to take back. */
const machine = async () => ({ ...(await rig.snapshot()), tables: await rig.onRouter('nft list ruleset') });
const table = () => `table inet xlvs${rig.pins}`;

/** This config is these lines away: by diff, which changes nothing, and by apply, after which neither has any. */
async function expectLines(config: RigConfig, expected: string[]): Promise<void> {
  rig.write(config);
  const before = await machine();
  expect(await lines('diff')).toEqual(expected);
  expect(await machine()).toEqual(before);
  expect(await lines('apply')).toEqual(expected);
  await expectNone(config);
}

async function expectNone(config: RigConfig): Promise<void> {
  rig.write(config);
  expect(await lines('diff')).toEqual(['no differences']);
  expect(await lines('apply')).toEqual(['nothing to change']);
}

describe.each([
  ['without a daemon', () => rig.up()],
  ['beside a daemon', () => rig.daemon()],
])('%s diff shows', (_, start) => {
  beforeEach(async () => {
    rig.write(withAddresses({}));
    await start();
  });

  afterEach(() => rig.xlvs(['down']));

  test('addresses of the interfaces and masquerade, there and back', async () => {
    const before = await machine();
    const more = { pub0: [`${VIP}/24`, OWN, `${VIP6}/64`], prv0: ['10.0.0.253/24'] };
    await expectLines(withAddresses(more, true), [
      `+ address ${OWN} on pub0`,
      `+ address ${VIP6}/64 on pub0`,
      '+ address 10.0.0.253/24 on prv0',
      `+ masquerade: ${table()}`,
    ]);
    await expectLines(withAddresses({}), [
      `- address ${OWN} on pub0`,
      `- address ${VIP6}/64 on pub0`,
      '- address 10.0.0.253/24 on prv0',
      `- masquerade: ${table()}`,
    ]);
    expect(await machine()).toEqual(before);
  });

  test('them behind what differs in the data plane, as apply does', async () => {
    const servers = [{ address: '10.0.0.1' }];
    const services: RigConfig['services'] = [{ name: 'web', protocol: 'tcp', address: VIP, port: 80, servers }];
    await expectLines({ ...withAddresses({ pub0: [OWN] }, true), services }, [
      `+ service web: tcp ${VIP}:80 wlc`,
      '+ server 10.0.0.1:80 of web: weight 1',
      `+ address ${OWN} on pub0`,
      `- address ${VIP}/24 on pub0`,
      `+ masquerade: ${table()}`,
    ]);
  });

  test('an address that moves, to the other interface or another length', async () => {
    await expectLines(withAddresses({ pub0: [`${VIP}/25`] }), [
      `+ address ${VIP}/25 on pub0`,
      `- address ${VIP}/24 on pub0`,
    ]);
    await expectLines(withAddresses({ pub0: [], prv0: [`${VIP}/25`] }), [
      `+ address ${VIP}/25 on prv0`,
      `- address ${VIP}/25 on pub0`,
    ]);
  });

  test('nothing of an address that the machine has by itself, in the file or dropped from it', async () => {
    await rig.onRouter(`ip address add ${OWN} dev pub0`);
    await expectNone(withAddresses({}));
    await expectNone(withAddresses({ pub0: [`${VIP}/24`, OWN] }));
    await expectNone(withAddresses({}));
    await rig.xlvs(['down']);
    expect((await rig.snapshot()).addresses).toContain(`pub0 ${OWN}`);
    await rig.onRouter(`ip address del ${OWN} dev pub0`);
  });
});

describe('what somebody took away from a router without a daemon', () => {
  const config = withAddresses({ pub0: [`${VIP}/24`, OWN] }, true);

  beforeEach(async () => {
    rig.write(config);
    await rig.up();
  });

  afterEach(() => rig.xlvs(['down']));

  test('apply puts back, and diff says so', async () => {
    await rig.onRouter(`ip address del ${OWN} dev pub0`);
    await rig.onRouter(`nft flush chain inet xlvs${rig.pins} outbound`);
    await expectLines(config, [`+ address ${OWN} on pub0`, `+ masquerade: ${table()}`]);
  });

  test('apply forgets where the file has it no more, and diff says so', async () => {
    await rig.onRouter(`ip address del ${OWN} dev pub0`);
    await rig.onRouter('nft flush ruleset');
    await expectLines(withAddresses({}), [`- address ${OWN} on pub0`, `- masquerade: ${table()}`]);
  });
});

test('addresses are those of the device, whichever of its names the file has', async () => {
  await rig.onRouter('ip link property add dev pub0 altname wan');
  await rig.onRouter(`ip address add ${OWN} dev pub0`);
  const before = await machine();
  const config = (...addresses: string[]): RigConfig => ({
    interfaces: [
      { device: 'wan', role: 'public', addresses },
      { device: 'prv0', role: 'private' },
    ],
  });
  rig.write(config(`${VIP}/24`, OWN));
  await rig.up();
  await expectNone(config(`${VIP}/24`, OWN));
  await expectLines(config('192.0.2.11/24'), ['+ address 192.0.2.11/24 on pub0', `- address ${VIP}/24 on pub0`]);
  await rig.xlvs(['down']);
  expect(await machine()).toEqual(before);
  await rig.onRouter(`ip address del ${OWN} dev pub0`);
  await rig.onRouter('ip link property del dev pub0 altname wan');
});

test('what a reload has brought is no difference', async () => {
  rig.write(withAddresses({}));
  await rig.daemon();
  rig.write(withAddresses({ pub0: [OWN] }, true));
  const expected = [`+ address ${OWN} on pub0`, `- address ${VIP}/24 on pub0`, `+ masquerade: ${table()}`];
  expect(await lines('diff')).toEqual(expected);
  expect((await rig.xlvs(['reload'])).stdout.trim().split('\n')).toEqual(expected);
  expect(await lines('diff')).toEqual(['no differences']);
  await rig.xlvs(['down']);
});
