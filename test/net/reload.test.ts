// SPDX-License-Identifier: MIT
// New files for a running router: reload brings what the file changed, apply makes all as the file says.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startHttpServer } from '../../src/lab/http-server.ts';
import type { LabProcess } from '../../src/lab/lab-process.ts';
import { hold, visit, visits } from './clients.ts';
import { Rig, type RigConfig, VIP, XLVS } from './rig.ts';

type Services = NonNullable<RigConfig['services']>;

const web: Services[number] = {
  name: 'web',
  protocol: 'tcp',
  address: VIP,
  port: 80,
  scheduler: 'rr',
  servers: [{ address: '10.0.0.1' }, { address: '10.0.0.2', weight: 3 }],
};
const other: Services[number] = { ...web, name: 'other', port: 81, servers: [{ address: '10.0.0.2', port: 80 }] };

let rig: Rig;
let daemon: LabProcess;

beforeAll(async () => {
  rig = await Rig.create({ name: 'reload', servers: 2 });
  await Promise.all(rig.lab.servers.map((server) => startHttpServer(server)));
});

beforeEach(async () => {
  rig.write({ services: [web] });
  daemon = await rig.daemon();
});

afterEach(() => rig.xlvs(['down']));
afterAll(() => rig.destroy());

/** `address:weight` of the servers of a service. */
const weights = async (service = 'web') =>
  (await rig.show('servers', '--service', service)).map(({ address, weight }) => `${address}:${weight}`);

describe('reload', () => {
  test('applies what the file changed and says what', async () => {
    rig.write({ services: [web, other] });
    expect(await rig.xlvs(['reload'])).toMatchObject({
      status: 0,
      stdout: `+ service other: tcp ${VIP}:81 rr\n+ server 10.0.0.2:80 of other: weight 1\n`,
    });
    expect(await visit(rig.lab.client(), `${VIP}:81`)).toMatchObject({ server: 'server2' });
    expect((await rig.xlvs(['reload'])).stdout).toBe('nothing to change\n');
  });

  test('leaves a drain alone, and whatever else a command changed', async () => {
    await rig.xlvs(['drain', 'web', '10.0.0.1']);
    rig.write({ services: [web, other], timeouts: { udp: 100 } });
    await rig.xlvs(['reload']);
    expect(await weights()).toEqual(['10.0.0.1:0', '10.0.0.2:3']);
    expect(new Set(await visits(rig.lab.client(), VIP, 4))).toEqual(new Set(['server2']));
  });

  test('and a restart of the daemon do so too', async () => {
    await rig.xlvs(['drain', 'web', '10.0.0.1']);
    await daemon.stop();
    daemon = await rig.daemon();
    expect(await weights()).toEqual(['10.0.0.1:0', '10.0.0.2:3']);
  });

  test('overrides a command where the file itself changed', async () => {
    await rig.xlvs(['drain', 'web', '10.0.0.1']);
    rig.write({
      services: [
        {
          ...web,
          servers: [
            { address: '10.0.0.1', weight: 5 },
            { address: '10.0.0.2', weight: 3 },
          ],
        },
      ],
    });
    await rig.xlvs(['reload']);
    expect(await weights()).toEqual(['10.0.0.1:5', '10.0.0.2:3']);
  });

  describe('whose change meets an edit', () => {
    const ipvsadm = async (line: string) => {
      const options = { env: { XLVS_PINS: rig.pins } };
      return (await rig.lab.router.exec(XLVS, ['ipvsadm', ...line.split(' ')], options)).stdout;
    };
    const edit = async (...lines: string[]) => {
      for (const line of lines) await ipvsadm(line);
    };
    const save = () => ipvsadm('-Sn');
    const own: Services[number] = { ...other, name: 'own', port: 90 };

    test('at the same place takes the file’s, all that goes together', async () => {
      const limited = (thresholds: object) => ({
        ...web,
        servers: [{ address: '10.0.0.1', 'upper-threshold': 10, ...thresholds }],
      });
      const hashed: Services[number] = { ...own, scheduler: 'sh' };
      const datagrams: Services[number] = { ...own, name: 'op', protocol: 'udp', port: 53 };
      rig.write({ services: [limited({}), hashed, datagrams] });
      await rig.xlvs(['reload']);
      await edit(`-e -t ${VIP}:80 -r 10.0.0.1:80 -m -x 3`, `-E -t ${VIP}:90 -s rr`, `-E -u ${VIP}:53 -s rr -o`);
      rig.write({
        services: [limited({ 'lower-threshold': 8 }), { ...hashed, flags: ['sh-port'] }, { ...datagrams, snat: true }],
      });
      await rig.xlvs(['reload']);
      expect((await rig.xlvs(['diff', rig.configFile])).stdout).toBe('no differences\n');
      expect(await save()).toMatch(/ -x 10 -y 8$/m);
    });

    test('in a name is refused with both services, and the old config stays in force', async () => {
      await edit(`-A -t ${VIP}:91`, `-a -t ${VIP}:91 -r 10.0.0.2 -m`);
      const before = await save();
      rig.write({ services: [web, { ...own, name: `tcp-${VIP}-91`, port: 92 }] });
      const { status, stderr } = await rig.tryXlvs(['reload']);
      expect([status, stderr]).toEqual([2, expect.stringMatching(/named tcp-\S+-91, tcp \S+:92 and tcp \S+:91; /)]);
      expect(await save()).toBe(before);
      rig.write({ services: [web, { ...own, port: 92 }] });
      expect((await rig.xlvs(['reload'])).stdout).toMatch(/^\+ service own: /m);
    });

    test('by an address that is a server’s is refused with both, and the old config stays in force', async () => {
      await edit(`-a -t ${VIP}:80 -r 10.0.0.77 -m`);
      const before = [await save(), (await rig.snapshot()).addresses];
      rig.write({
        services: [web],
        interfaces: [
          { device: 'pub0', role: 'public', addresses: [`${VIP}/24`] },
          { device: 'prv0', role: 'private', addresses: ['10.0.0.77/24'] },
        ],
      });
      const { status, stderr } = await rig.tryXlvs(['reload']);
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/server 10\.0\.0\.77:80 of web .*10\.0\.0\.77\/24 on prv0/),
      ]);
      expect([await save(), (await rig.snapshot()).addresses]).toEqual(before);
      await edit(`-d -t ${VIP}:80 -r 10.0.0.77`);
      expect((await rig.xlvs(['reload'])).stdout).toContain('+ address 10.0.0.77/24 on prv0');
    });
  });

  test('refuses a wrong file with all its errors, exit status 2, and keeps the old config in force', async () => {
    const before = await rig.snapshot();
    rig.write('interfaces: [{ device: pub0, role: publik }]\nservices: 7\n');
    const { status, stderr } = await rig.tryXlvs(['reload']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/xlvs\.yaml:1:\d+: .*publik/);
    expect(stderr).toMatch(/xlvs\.yaml:2:\d+: /);
    expect(await visit(rig.lab.client(), VIP)).toMatchObject({ remote: `${VIP}:80` });
    expect(await rig.snapshot()).toEqual(before);
    rig.write({ services: [web] });
    expect((await rig.xlvs(['reload'])).stdout).toBe('nothing to change\n');
  });

  test('refuses what cannot be changed while it runs, by name', async () => {
    rig.write({ services: [web, other], tables: { connections: 4096 } });
    const { status, stderr } = await rig.tryXlvs(['reload']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/tables\.connections is 4096 .* 16384 .*xlvs down/);
    expect(await rig.show('services')).toHaveLength(1);
  });

  test('by SIGHUP does the same', async () => {
    await rig.xlvs(['drain', 'web', '10.0.0.1']);
    rig.write({ services: [web, other] });
    daemon.kill('SIGHUP');
    await daemon.says('"msg":"reloaded"');
    expect(await weights()).toEqual(['10.0.0.1:0', '10.0.0.2:3']);
    expect(await weights('other')).toEqual(['10.0.0.2:1']);
  });

  test('without a daemon on these pins fails with exit status 1', async () => {
    await daemon.stop();
    const { status, stderr } = await rig.tryXlvs(['reload']);
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^xlvs: no daemon runs on \S+; start one: .*\n$/)]);
  });

  test('ends a removed service for new connections and its own, and leaves those of others', async () => {
    rig.write({ services: [web, other] });
    await rig.xlvs(['reload']);
    const held = await hold(rig.lab.client(), VIP, 80, 1);
    rig.write({ services: [web] });
    expect((await rig.xlvs(['reload'])).stdout).toMatch(/^- service other: /m);
    await expect(visit(rig.lab.client(), `${VIP}:81`)).rejects.toThrow(/refused|Failed to connect/);
    expect(await rig.show('connections', '--service', 'web')).toMatchObject([{ state: 'ESTABLISHED' }]);
    await held.process.stop();
  });
});

describe('diff and apply', () => {
  test('diff tells what apply would change and changes nothing; apply changes it', async () => {
    await rig.xlvs(['drain', 'web', '10.0.0.1']);
    rig.write({ services: [web, other] });
    const lines = [
      '~ server 10.0.0.1:80 of web: weight 0 -> 1',
      `+ service other: tcp ${VIP}:81 rr`,
      '+ server 10.0.0.2:80 of other: weight 1',
    ];
    const differences = async () => (await rig.xlvs(['diff', rig.configFile])).stdout.trim().split('\n').sort();
    expect(await differences()).toEqual([...lines].sort());
    expect(await weights()).toEqual(['10.0.0.1:0', '10.0.0.2:3']);
    expect((await rig.xlvs(['apply', rig.configFile])).stdout.trim().split('\n').sort()).toEqual([...lines].sort());
    expect(await differences()).toEqual(['no differences']);
    expect(await weights()).toEqual(['10.0.0.1:1', '10.0.0.2:3']);
  });

  test('what apply brought stays through a reload and a restart of the daemon, interfaces included', async () => {
    const own = { services: [web] };
    rig.write({
      services: [web, other],
      interfaces: [
        { device: 'pub0', role: 'public', addresses: [`${VIP}/24`, '192.0.2.11/24'] },
        { device: 'prv0', role: 'private' },
      ],
    });
    await rig.xlvs(['apply', rig.configFile]);
    const applied = await rig.snapshot();
    rig.write({ ...own, timeouts: { udp: 100 } });
    await rig.xlvs(['reload']);
    await daemon.stop();
    daemon = await rig.daemon();
    expect(await weights('other')).toEqual(['10.0.0.2:1']);
    expect((await rig.snapshot()).addresses).toEqual(applied.addresses);
    expect(applied.addresses).toContain('pub0 192.0.2.11/24');
  });

  test('apply leaves connections of what stays the same alone', async () => {
    const held = await hold(rig.lab.client(), VIP, 80, 2);
    const before = await rig.snapshot();
    rig.write({ services: [web, other] });
    await rig.xlvs(['apply', rig.configFile]);
    expect(await rig.show('connections')).toHaveLength(2);
    expect(await rig.snapshot()).toEqual(before);
    await held.process.stop();
  });
});

describe('undrain', () => {
  test('gives the weight of the file back', async () => {
    await rig.xlvs(['drain', 'web', '10.0.0.2']);
    const { stdout } = await rig.xlvs(['undrain', 'web', '10.0.0.2:80']);
    expect(stdout).toMatch(/^web 10\.0\.0\.2:80: weight 0 -> 3; /);
    expect(await weights()).toEqual(['10.0.0.1:1', '10.0.0.2:3']);
  });

  test.each([
    ['nosuch 10.0.0.1', /no service nosuch; the services are: web/],
    ['web 10.0.0.9', /no server 10\.0\.0\.9 in web; its servers are: 10\.0\.0\.1:80, 10\.0\.0\.2:80/],
  ])('and drain of %s name what there is', async (what, message) => {
    for (const verb of ['drain', 'undrain']) {
      const { status, stderr } = await rig.tryXlvs([verb, ...what.split(' ')]);
      expect([status, stderr]).toEqual([1, expect.stringMatching(message)]);
    }
  });
});
