// SPDX-License-Identifier: MIT
// What -A and -E, -a and -e ask for as values of the model. What xlvs does not do is refused here, in one line each.
import {
  FLAG_NAMES,
  type Persistence,
  SCHEDULERS,
  type Scheduler,
  SERVICE_FLAGS,
  type Server,
  type Service,
  type ServiceFlag,
  type ServiceKey,
} from '../model/model.ts';
import { isHostAddress, isLinkLocalIpv6, parseAddress } from '../net/address.ts';
import { prefixOfNetmask } from '../net/prefix.ts';
import type { ServerArguments, ServiceArguments } from './arguments.ts';
import { refusal } from './failure.ts';

export function keyOf({ mark, family, protocol, address, port }: ServiceArguments): ServiceKey {
  return mark > 0 ? { kind: 'mark', mark, family } : { kind: 'address', protocol, address, port };
}

/** All of a service but its name and its servers. Throws Failure. */
export function settingsOf(service: ServiceArguments): Omit<Service, 'name' | 'key' | 'servers'> {
  const scheduler = schedulerOf(service);
  const persistence = persistenceOf(service);
  const flags = flagsOf(service, scheduler);
  return {
    scheduler,
    ...(persistence && { persistence }),
    ...(flags.length > 0 && { flags }),
    ...(service.onePacket && { onePacket: true as const }),
  };
}

const NOT_FOUND = 'Scheduler or persistence engine not found';

function schedulerOf({ scheduler, engine }: ServiceArguments): Scheduler {
  const known = SCHEDULERS.find((name) => name === scheduler);
  if (!known || (engine !== undefined && engine !== 'sip')) throw refusal(NOT_FOUND);
  if (engine === 'sip') throw refusal('xlvs has no persistence engines (--pe sip)');
  return known;
}

function persistenceOf({ persistence: timeout, netmask }: ServiceArguments): Persistence | undefined {
  // a mask alone means nothing, in IPVS neither
  if (timeout === undefined) return undefined;
  const prefix = typeof netmask === 'number' ? netmask : prefixOfNetmask(netmask);
  if (!prefix)
    throw refusal(`xlvs has no netmask but ones in front and zeros behind, one of them at least (-M ${netmask})`);
  return { timeout, prefix };
}

/** sh's and mh's first two flag bits have names of their own; other schedulers heed no flags, and list them by number. */
function flagsOf({ flags }: ServiceArguments, scheduler: Scheduler): ServiceFlag[] {
  const named = new Set(flags.map((flag) => FLAG_NAMES[scheduler]?.[flag] ?? flag));
  return SERVICE_FLAGS.filter((name) => named.has(name));
}

export function serverOf({ address, port, weight, upperThreshold, lowerThreshold }: ServerArguments): Server {
  return {
    address,
    port,
    weight,
    ...(upperThreshold && { upperThreshold }),
    ...(lowerThreshold && { lowerThreshold }),
  };
}

export function refuseThresholds({ upperThreshold, lowerThreshold }: ServerArguments): void {
  if (lowerThreshold > upperThreshold) throw refusal('Numerical result out of range');
}

/** The kernel takes a service at any address. */
export function refuseLinkLocal({ address }: ServiceArguments): void {
  const parsed = parseAddress(address);
  if (parsed && isLinkLocalIpv6(parsed))
    throw refusal(`xlvs has no services of IPv6 link-local addresses (${address}): no router forwards to them`);
}

export function refuseAddress({ address }: ServerArguments): void {
  const parsed = parseAddress(address);
  if (parsed && isHostAddress(parsed) && !isLinkLocalIpv6(parsed)) return;
  if (/^(127\.|::1$)/.test(address)) throw refusal(`xlvs forwards to other machines only (-r ${address})`);
  throw refusal('Invalid operation.  Possibly wrong module version, address not unicast, ...');
}

/** The default is ipvsadm's, direct routing: it must be said that NAT is meant. */
export function refuseOwn({ address }: ServerArguments): never {
  throw refusal(`xlvs forwards to other machines only, and this address is the router's (-r ${address})`);
}

export function refuseSnatOfOnePacket({ name }: Service): never {
  throw refusal(
    `xlvs has no one-packet service with snat (-o): service ${name} has snat: true, which needs connections`,
  );
}

export function refuseMethod({ method }: ServerArguments): void {
  if (method === 'ipip') throw refusal('xlvs has no tunnels (-i): its servers are reached by NAT; use -m');
  if (method === 'gatewaying')
    throw refusal(
      "xlvs has no direct routing (-g, which is ipvsadm's default): its servers are reached by NAT; add -m",
    );
}
