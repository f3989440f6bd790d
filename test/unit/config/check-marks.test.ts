// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import { configOf, INTERFACES, problemsOf, warningsOf } from './config-text.ts';

const file = (...rules: string[]) =>
  `${INTERFACES}services: [{ name: a, mark: 1, family: ipv4 }]\nmarks:\n${rules.map((rule) => `  - { mark: 1, ${rule} }\n`).join('')}`;

describe('a rule', () => {
  it('has its ports ascending and disjoint, and its prefixes canonical', () => {
    const { marks } = configOf(
      file('protocol: tcp, address: 192.0.2.0/28, ports: [443, 80, 81-90, 85-95, "20"], source: 10.1.0.0/16'),
    );
    expect(marks).toEqual([
      {
        mark: 1,
        protocol: 'tcp',
        address: '192.0.2.0/28',
        source: '10.1.0.0/16',
        ports: [
          { first: 20, last: 20 },
          { first: 80, last: 95 },
          { first: 443, last: 443 },
        ],
      },
    ]);
  });

  it('has one family', () => {
    expect(problemsOf(file('protocol: tcp, address: 192.0.2.1, ports: [1], source: "2001:db8::/32"'))).toContain(
      '5:71: marks[0].source: found "2001:db8::/32" (the rule\'s address is ipv4), accepted: an ipv4 prefix',
    );
  });

  it('with bits beyond its length is used without them, with a warning', () => {
    const text = file('protocol: tcp, address: 192.0.2.5/28, ports: [1]');
    expect(configOf(text).marks[0]?.address).toBe('192.0.2.0/28');
    expect(warningsOf(text)).toEqual([
      '5:40: marks[0].address: found "192.0.2.5/28" (it has bits beyond its length), accepted: 192.0.2.0/28, which is what is used',
    ]);
  });
});

describe('rules together', () => {
  it('warn of one that earlier ones leave no port', () => {
    const text = file(
      'protocol: tcp, address: 192.0.2.1, ports: [1-10]',
      'protocol: tcp, address: 192.0.2.1/32, ports: [11-20]',
      'protocol: udp, address: 192.0.2.1, ports: [5]',
      'protocol: tcp, address: 192.0.2.1, ports: [5-15]',
      'protocol: tcp, address: 192.0.2.1, ports: [5, 21]',
    );
    expect(warningsOf(text)).toEqual([
      expect.stringMatching(/^8:58: marks\[3\].ports: found a list \(earlier rules .* so this rule never matches\)/),
    ]);
  });

  it('warn of a mark that no service has', () => {
    expect(warningsOf(`${INTERFACES}marks: [{ mark: 2, protocol: tcp, address: 192.0.2.1, ports: [1] }]`)).toEqual([
      '3:17: marks[0].mark: found 2 (no service has this mark), accepted: a mark that a service under services has',
    ]);
  });
});
