// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { configOf, INTERFACES, problemsOf, withService } from './config-text.ts';

const services = (...items: string[]) => `${INTERFACES}services:\n${items.map((item) => `  - { ${item} }\n`).join('')}`;

describe('two services', () => {
  it('on one protocol, address and port are refused with both places', () => {
    const text = services(
      'name: a, protocol: tcp, address: 192.0.2.10, port: 80',
      'name: b, protocol: tcp, address: 192.0.2.10, port: 80',
    );
    expect(problemsOf(text)).toEqual([
      '5:5: services[1]: found a second service for tcp 192.0.2.10:80 (the first is "a", services[0], line 4), accepted: one service for each protocol, address and port, and one for each mark and family',
    ]);
  });

  it('on one mark and family are refused, wherever the family comes from', () => {
    expect(
      problemsOf(services('name: a, mark: 9, family: ipv4', 'name: b, mark: 9, servers: [{ address: 10.0.0.1 }]')),
    ).toEqual([expect.stringMatching(/^5:5: services\[1\]: found a second service for mark 9 \(ipv4\)/)]);
  });

  it('may differ in protocol, address or port alone', () => {
    const text = services(
      'name: a, protocol: tcp, address: 192.0.2.10, port: 53',
      'name: b, protocol: udp, address: 192.0.2.10, port: 53',
      'name: c, protocol: tcp, address: 192.0.2.11, port: 53',
      'name: d, protocol: tcp, address: 192.0.2.10, port: 54',
    );
    expect(configOf(text).services).toHaveLength(4);
  });

  it('of one name are refused with both places', () => {
    expect(problemsOf(services('name: a, mark: 1, family: ipv4', 'name: a, mark: 2, family: ipv4'))).toEqual([
      '5:13: services[1].name: found "a" (the same name as services[0], line 4), accepted: each name once',
    ]);
  });
});

describe('a service', () => {
  it('has either a mark or protocol, address and port', () => {
    expect(problemsOf(withService('name: a, mark: 1, family: ipv4, port: 80'))).toEqual([
      '4:39: services[0].port: found port beside mark (the mark is at services[0].mark, line 4), accepted: either mark, or protocol, address and port',
    ]);
    expect(problemsOf(withService('name: a'))).toEqual([
      '4:5: services[0]: found neither a mark nor protocol, address and port, accepted: either mark, or protocol, address and port',
    ]);
    expect(problemsOf(withService('name: a, port: 80'))).toEqual([
      '4:5: services[0].protocol: found nothing, accepted: tcp, udp or sctp',
      "4:5: services[0].address: found nothing, accepted: the service's address",
    ]);
  });

  it('of a mark needs its family where no server tells it', () => {
    expect(problemsOf(withService('name: a, mark: 1'))).toEqual([
      '4:5: services[0].family: found nothing (a mark without servers does not tell its family), accepted: family: ipv4',
    ]);
    expect(configOf(withService('name: a, mark: 1, family: ipv4')).services[0]?.key).toEqual({
      kind: 'mark',
      mark: 1,
      family: 'ipv4',
    });
  });

  it('may have no servers', () => {
    expect(configOf(withService('name: a, protocol: tcp, address: 192.0.2.10, port: 80')).services[0]?.servers).toEqual(
      [],
    );
  });

  it('has the family of its address', () => {
    expect(problemsOf(withService('name: a, protocol: tcp, address: 192.0.2.10, port: 80, family: ipv6'))).toContain(
      '4:70: services[0].family: found "ipv6" (the service\'s address is ipv4), accepted: ipv4',
    );
  });

  it('with a mark that cannot be read is not asked for an address as well', () => {
    expect(problemsOf(withService('name: a, mark: 0, family: ipv4'))).toHaveLength(1);
  });
});

describe('flags', () => {
  it('are the scheduler’s own', () => {
    expect(
      problemsOf(services('name: a, mark: 9, family: ipv4, scheduler: sh, flags: [sh-port, sh-fallback]')),
    ).toEqual([]);
    expect(problemsOf(services('name: a, mark: 9, family: ipv4, scheduler: rr, flags: [sh-port]'))).toEqual([
      '4:62: services[0].flags[0]: found "sh-port" (the scheduler is rr), accepted: with scheduler: sh, or remove it',
    ]);
  });

  it('have no number where they have a name', () => {
    const head = 'name: a, mark: 9, family: ipv4';
    expect(problemsOf(services(`${head}, scheduler: fo, flags: [flag-1, flag-2, flag-3]`))).toEqual([]);
    expect(problemsOf(services(`${head}, scheduler: sh, flags: [flag-3, flag-2]`))).toEqual([
      '4:70: services[0].flags[1]: found "flag-2" (the scheduler is sh), accepted: sh-port, which is its name',
    ]);
  });

  it('are kept once, in one order', () => {
    const [service] = configOf(
      services('name: a, mark: 9, family: ipv4, scheduler: sh, flags: [sh-fallback, sh-port, sh-port]'),
    ).services;
    expect(service?.flags).toEqual(['sh-port', 'sh-fallback']);
  });
});
