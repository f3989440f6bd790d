// SPDX-License-Identifier: MIT
import { describe, expect, it } from 'vitest';
import * as abi from '../../../src/abi/index.ts';
import { addressFromAbi, addressToAbi } from '../../../src/dataplane/abi-values.ts';
import {
  type ListenerEntry,
  type ListeningService,
  listenersOf,
  planListeners,
} from '../../../src/dataplane/listeners.ts';

const TCP = 6;
const UDP = 17;
const IPV4 = abi.Family.IPV4;
const { MARK, ANY_PORT, SNAT } = abi.ServiceFlag;

let slots = 0;

/** `to` are servers' addresses and ports. */
const service = (at: string, to: readonly string[], flags = 0, protocol = TCP): ListeningService => {
  const [address = '', port] = at.split(':');
  const servers = to.map((server) => {
    const [own = '', ownPort] = server.split(':');
    return { slot: ++slots, record: { address: addressToAbi(own), port: Number(ownPort) } };
  });
  return { key: { address: addressToAbi(address), port: Number(port), protocol, family: IPV4 }, flags, servers };
};
const mark = (to: readonly string[]): ListeningService => service('0.0.0.7:0', to, MARK, 0);

/** `10.0.0.1:80/6` and the service that it leads to. */
const shown = (services: readonly ListeningService[]): Record<string, string> =>
  Object.fromEntries(
    [...listenersOf(services).values()].map(([{ address, port, protocol }, to]) => [
      `${addressFromAbi(address)}:${port}/${protocol}`,
      to.server === 0 ? '' : `${addressFromAbi(to.address)}:${to.port}`,
    ]),
  );

describe('where servers listen', () => {
  it('leads to the only service that can have led there', () => {
    const services = [service('192.0.2.10:80', ['10.0.0.1:8080', '10.0.0.2:8080'])];
    expect(shown(services)).toEqual({ '10.0.0.1:8080/6': '192.0.2.10:80', '10.0.0.2:8080/6': '192.0.2.10:80' });
    const [[, listener]] = [...listenersOf(services).values()] as [ListenerEntry];
    expect(listener.server).toBe(services[0]?.servers[0]?.slot);
  });

  it('leads nowhere if there are two, or three', () => {
    const two = ['192.0.2.10:80', '192.0.2.11:80'].map((at) => service(at, ['10.0.0.1:80']));
    expect(shown(two)).toEqual({ '10.0.0.1:80/6': '' });
    expect(shown([...two, service('192.0.2.12:80', ['10.0.0.1:80'])])).toEqual({ '10.0.0.1:80/6': '' });
  });

  it('is another place for another protocol', () => {
    const services = [service('192.0.2.10:53', ['10.0.0.1:53']), service('192.0.2.11:53', ['10.0.0.1:53'], 0, UDP)];
    expect(shown(services)).toEqual({ '10.0.0.1:53/6': '192.0.2.10:53', '10.0.0.1:53/17': '192.0.2.11:53' });
  });

  it('leads nowhere from a mark’s, one for every port, one with snat; a mark’s are of every protocol', () => {
    expect(shown([mark(['10.0.0.1:80'])])).toEqual({
      '10.0.0.1:80/6': '',
      '10.0.0.1:80/17': '',
      '10.0.0.1:80/132': '',
    });
    expect(shown([service('192.0.2.10:0', ['10.0.0.1:80'], ANY_PORT)])).toEqual({ '10.0.0.1:80/6': '' });
    expect(shown([service('192.0.2.10:80', ['10.0.0.1:80'], SNAT)])).toEqual({ '10.0.0.1:80/6': '' });
  });

  it('is the service’s own port where the server names none', () => {
    expect(shown([service('192.0.2.10:80', ['10.0.0.1:0'])])).toEqual({ '10.0.0.1:80/6': '192.0.2.10:80' });
  });

  it.each([
    ['a mark’s', mark(['10.0.0.1:0'])],
    ['one for every port', service('192.0.2.11:0', ['10.0.0.1:0'], ANY_PORT)],
  ])('is nowhere for %s that names none, and makes the server’s other places lead nowhere', (_, other) => {
    const web = service('192.0.2.10:80', ['10.0.0.1:80', '10.0.0.2:80']);
    for (const services of [
      [web, other],
      [other, web],
    ])
      expect(shown(services)).toEqual({ '10.0.0.1:80/6': '', '10.0.0.2:80/6': '192.0.2.10:80' });
    expect(shown([other])).toEqual({});
  });
});

/** A map by its keys' texts that writes down what is done to it. */
function recordingMap(entries: Iterable<ListenerEntry>) {
  const log: string[] = [];
  const place = ({ address, port }: abi.ListenerKey): string => `${addressFromAbi(address)}:${port}`;
  const map = {
    entries: () => [...entries].values(),
    delete: (key: abi.ListenerKey) => log.push(`delete ${place(key)}`),
    setMany: (all: Iterable<ListenerEntry>) => {
      for (const [key, to] of all) log.push(`${place(key)} -> ${to.server}`);
    },
  };
  return { log, listeners: map as never };
}

describe('a change of services', () => {
  const plan = (before: readonly ListeningService[], after: readonly ListeningService[]) => {
    const { log, listeners } = recordingMap(listenersOf(before).values());
    const { retract, establish } = planListeners({ listeners }, listenersOf(after));
    retract();
    const retracted = log.splice(0);
    establish();
    return { retracted, established: log };
  };
  const web = service('192.0.2.10:80', ['10.0.0.1:80']);
  const other = service('192.0.2.11:80', ['10.0.0.1:80']);
  const slot = web.servers[0]?.slot;

  it('of nothing writes nothing', () => {
    expect(plan([web], [web])).toEqual({ retracted: [], established: [] });
  });

  it('puts what is new behind the services, and takes what is gone away before', () => {
    expect(plan([], [web])).toEqual({ retracted: [], established: [`10.0.0.1:80 -> ${slot}`] });
    expect(plan([web], [])).toEqual({ retracted: ['delete 10.0.0.1:80'], established: [] });
  });

  it('takes what will not be the only one any more back before there is another', () => {
    expect(plan([web], [web, other]).retracted).toEqual(['10.0.0.1:80 -> 0']);
    expect(plan([web, other], [web]).established).toEqual([`10.0.0.1:80 -> ${slot}`]);
  });

  it('leads nowhere while the service is another', () => {
    const { retracted, established } = plan([web], [other]);
    expect(retracted).toEqual(['10.0.0.1:80 -> 0']);
    expect(established).toEqual([`10.0.0.1:80 -> ${other.servers[0]?.slot}`]);
  });
});
