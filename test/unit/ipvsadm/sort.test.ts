// SPDX-License-Identifier: MIT
import { expect, test } from 'vitest';
import { placeOrder, serviceOrder } from '../../../src/ipvsadm/sort.ts';
import type { ServiceKey } from '../../../src/model/model.ts';

const at = (text: string): { key: ServiceKey } => {
  const [protocol = '', address = '', port = ''] = text.split(' ');
  if (protocol === 'mark') return { key: { kind: 'mark', mark: Number(address), family: port as 'ipv4' } };
  return { key: { kind: 'address', protocol: protocol as 'tcp', address, port: Number(port) } };
};

test('services stand by family, protocol, address and port, marks behind them', () => {
  const sorted = [
    ...['tcp 10.0.0.1 80', 'tcp 10.0.0.1 443', 'tcp 10.0.0.2 80', 'udp 10.0.0.1 53', 'sctp 10.0.0.1 1'],
    ...['tcp 2001:db8::1 80', 'tcp 2001:db8::2 80', 'mark 1 ipv4', 'mark 1 ipv6', 'mark 80 ipv4'],
  ];
  for (const mixed of [[...sorted].reverse(), [...sorted].sort()])
    expect(mixed.sort((a, b) => serviceOrder(at(a), at(b)))).toEqual(sorted);
});

test('addresses half the numbers apart stand the wrong way round, as an int’s subtraction has them', () => {
  const order = (a: string, b: string) => Math.sign(placeOrder({ address: a, port: 80 }, { address: b, port: 80 }));
  expect(order('192.0.2.1', '10.0.0.1')).toBe(-1);
  expect([order('10.0.0.1', '100.0.0.1'), order('100.0.0.1', '192.0.2.1')]).toEqual([-1, -1]);
  expect(serviceOrder(at('mark 4294967295 ipv4'), at('tcp 10.0.0.1 80'))).toBeLessThan(0);
});
