// SPDX-License-Identifier: MIT
// -R: all lines or none, in one step, and what -S wrote is the same table.
import { describe, expect, test } from 'vitest';
import { sampleRouter } from '../cli/sample-router.ts';
import { fakeIpvsadm } from './fake-ipvsadm.ts';

const VIP = '192.0.2.10';

describe('-R', () => {
  const lines = `# services
  ipvsadm -A -t ${VIP}:80 -s rr     # the web

/sbin/ipvsadm -a -t ${VIP}:80 -r 10.0.0.1:80 -m -w 1 -x 10 -y 5
-a\t-t\t${VIP}:80 -r 10.0.0.2:80 -m -w 0
--set 1 2 3
`;

  test('carries out lines with comments, blanks and a leading ipvsadm', async () => {
    const { run, router } = fakeIpvsadm();
    expect(await run('-R', lines)).toEqual({ status: 0, out: '', err: '' });
    expect(router.contents.services[0]?.servers.map(({ weight }) => weight)).toEqual([1, 0]);
    expect(router.contents.timeouts.udp).toBe(3);
    expect((await run('-Sn')).out).toBe(
      `-A -t ${VIP}:80 -s rr
-a -t ${VIP}:80 -r 10.0.0.1:80 -m -w 1 -x 10 -y 5
-a -t ${VIP}:80 -r 10.0.0.2:80 -m -w 0
`,
    );
  });

  test('reads its lines before it keeps others from changing the router', async () => {
    const { run, happened } = fakeIpvsadm();
    await run('-R', lines);
    expect(happened).toEqual(['stdin', 'lock']);
  });

  test('tells every line that is wrong and carries out none', async () => {
    const { run, router } = fakeIpvsadm(sampleRouter());
    const before = structuredClone(router.state());
    const { status, out, err } = await run('-R', `${lines}bogus\n-a -t ${VIP}:80 -r 10.0.0.2 -m\n-L\n`);
    expect([status, out]).toEqual([255, '']);
    expect(err.split('\n')).toEqual([
      "line 7: Try `ipvsadm -h' or 'ipvsadm --help' for more information.",
      'line 8: Destination already exists',
      'line 9: not in a restore: -L',
      'nothing was restored: all lines or none',
      '',
    ]);
    expect(router.state()).toEqual(before);
  });

  test('replaces the table in one step with -C before the others', async () => {
    const { run, router } = fakeIpvsadm(sampleRouter());
    expect((await run('-R', `-C\n${lines}`)).status).toBe(0);
    expect(router.contents.services.map(({ name }) => name)).toEqual([`tcp-${VIP}-80`]);
  });

  test('of what -S wrote, with names or without, is the same table', async () => {
    for (const save of ['-S', '-Sn']) {
      const { run, router } = fakeIpvsadm(sampleRouter());
      const saved = (await run(save)).out;
      const keys = router.contents.services.map(({ key }) => JSON.stringify(key)).sort();
      expect((await run('-R', `-C\n${saved}`)).err).toBe('');
      expect((await run(save)).out).toBe(saved);
      expect(router.contents.services.map(({ key }) => JSON.stringify(key)).sort()).toEqual(keys);
    }
  });
});
