// SPDX-License-Identifier: MIT
// What a file changed and what commands changed, each right by itself, may not go together: the rules that `xlvs check` and
// `xlvs ipvsadm` keep, once more for the whole.
import type { RouterState } from '../dataplane/data-plane.ts';
import type { Config, Server, Service } from '../model/model.ts';
import { takesFlag } from '../model/takes-flag.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import { wantedAddresses } from './plan-addresses.ts';
import { serverText, serviceKeyText } from './words.ts';

interface Fault {
  readonly what: string;
  readonly cure: string;
}

/** The state. Throws XlvsError with all that is wrong in it; `interfaces`: those it is going to run with. */
export function soundState(state: RouterState, { interfaces }: Pick<Config, 'interfaces'>): RouterState {
  const own = new Map(
    wantedAddresses({ interfaces }).map((one) => [one.address.replace(/\/.*/, ''), `${one.address} on ${one.device}`]),
  );
  const faults = [
    ...nameFaults(state.services),
    ...state.services.flatMap((service) => [
      ...serviceFaults(service),
      ...service.servers.flatMap((server) => serverFaults(service, server, own)),
    ]),
  ];
  const [first] = faults;
  if (!first) return state;
  const message = 'the file does not go with what commands changed';
  if (faults.length === 1) throw new XlvsError('usage', `${message}: ${first.what}`, first.cure);
  const lines = faults.map(({ what, cure }) => `${what}; ${cure}`);
  throw new XlvsError('usage', `${message}, ${lines.length} findings`, undefined, undefined, lines);
}

function nameFaults(services: readonly Service[]): Fault[] {
  const first = new Map<string, Service>();
  return services.flatMap((service) => {
    const other = first.get(service.name);
    if (!other) {
      first.set(service.name, service);
      return [];
    }
    const keys = `${serviceKeyText(other.key)} and ${serviceKeyText(service.key)}`;
    return [{ what: `two services are named ${service.name}, ${keys}`, cure: 'rename one in the file, or remove one' }];
  });
}

function serviceFaults({ name, scheduler, flags = [], onePacket, snat }: Service): Fault[] {
  const foreign = flags.filter((flag) => !takesFlag(scheduler, flag));
  const faults = foreign.map((flag) => ({
    what: `service ${name} has the flag ${flag}, which the scheduler ${scheduler} does not take`,
    cure: 'change either',
  }));
  if (!onePacket || !snat) return faults;
  return [...faults, { what: `service ${name} has both one-packet and snat`, cure: 'remove either' }];
}

/** `own`: what floating addresses, without their lengths, read like. */
function serverFaults({ name }: Service, server: Server, own: ReadonlyMap<string, string>): Fault[] {
  const where = `server ${serverText(server)} of ${name}`;
  const { upperThreshold: upper = 0, lowerThreshold: lower = 0 } = server;
  const floating = own.get(server.address);
  return [
    ...(lower > upper
      ? [{ what: `${where} has a lower threshold of ${lower}, above the upper one of ${upper}`, cure: 'change either' }]
      : []),
    ...(floating === undefined
      ? []
      : [{ what: `${where} is at an address of this router's own, ${floating}`, cure: 'remove either' }]),
  ];
}
