// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { formatEndpoint, parseEndpoint, parseHostPort } from '../../../src/net/endpoint.ts';

describe('parseEndpoint', () => {
  it('reads an address with a port', () => {
    expect(parseEndpoint('192.0.2.1:80')).toEqual({ address: '192.0.2.1', port: 80 });
    expect(parseEndpoint('[2001:DB8::1]:65535')).toEqual({ address: '2001:db8::1', port: 65535 });
  });

  it.each([
    '',
    '192.0.2.1',
    '192.0.2.1:',
    '192.0.2.1:65536',
    '192.0.2.1:080',
    '2001:db8::1:80',
    '[192.0.2.1]:80',
    '[::1]',
    ':80',
    'a:80',
  ])('refuses %j', (text) => expect(parseEndpoint(text)).toBeUndefined());

  it('comes back as it was written', () => {
    expect(formatEndpoint('192.0.2.1', 80)).toBe('192.0.2.1:80');
    expect(formatEndpoint('2001:db8::1', 80)).toBe('[2001:db8::1]:80');
  });
});

describe('parseHostPort', () => {
  it('takes host names too', () => {
    expect(parseHostPort('[::1]:9113')).toEqual({ host: '::1', port: 9113 });
    expect(parseHostPort('LocalHost:9113')).toEqual({ host: 'localhost', port: 9113 });
    expect(parseHostPort('lb-1.example.org:0')).toEqual({ host: 'lb-1.example.org', port: 0 });
  });

  it.each([
    '127.0.0.256:80',
    '127.1:80',
    '9113:80',
    ':80',
    '-a:80',
    'a..b:80',
    '[a]:80',
    'a b:80',
    `${'a'.repeat(64)}:80`,
  ])('refuses %j, which somebody meant otherwise', (text) => expect(parseHostPort(text)).toBeUndefined());
});
