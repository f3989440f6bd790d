// SPDX-License-Identifier: MIT
import { expect, it } from 'vitest';
import { buildConfig } from '../../../src/config/build-config.ts';
import { configSchema } from '../../../src/config/schema.ts';

it('brings addresses of both families into canonical form', () => {
  const config = buildConfig(
    configSchema.parse({
      interfaces: [{ device: 'eth0', role: 'public', addresses: ['2001:DB8::0:1/64'] }],
      marks: [{ mark: 1, protocol: 'sctp', address: '2001:DB8::5/64', ports: ['any'], source: '2001:DB8:1::/48' }],
      services: [{ name: 'a', mark: 1, persistence: {}, servers: [{ address: '2001:DB8:2::1' }] }],
    }),
  );
  expect(config.interfaces[0]?.addresses).toEqual(['2001:db8::1/64']);
  expect(config.marks[0]).toMatchObject({ address: '2001:db8::/64', source: '2001:db8:1::/48' });
  expect(config.services[0]).toMatchObject({
    key: { kind: 'mark', mark: 1, family: 'ipv6' },
    persistence: { timeout: 360, prefix: 128 },
    servers: [{ address: '2001:db8:2::1', port: 0, weight: 1 }],
  });
});

it('throws for values that have not been checked', () => {
  const output = configSchema.parse({
    interfaces: [{ device: 'e', role: 'public' }],
    services: [{ name: 'a', protocol: 'tcp' }],
  });
  expect(() => buildConfig(output)).toThrow(TypeError);
});
