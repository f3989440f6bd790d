// SPDX-License-Identifier: MIT
// Where the kernel would send packets. Changes no route.
import { parsePrefix } from '../net/prefix.ts';
import { ipBatch, ipJson, parseIpJson } from './iproute.ts';

/** The way to one address. */
export interface Route {
  readonly device: string;
  readonly gateway?: string;
  /** the address this machine would use as its own */
  readonly source?: string;
  /** the address is this machine's own */
  readonly local: boolean;
}

/** The entry of the routing table that decides about an address. */
export interface RouteMatch {
  /** several for a multipath route */
  readonly devices: readonly string[];
  /** prefix length; 0 is the default route */
  readonly length: number;
  readonly local: boolean;
}

export interface Gateway {
  readonly device: string;
  readonly address: string;
}

interface IpHop {
  readonly dev?: string;
  readonly gateway?: string;
  /** a gateway of the other family */
  readonly via?: { readonly host: string };
}

/** One object of `ip -json route`. */
export interface IpRoute extends IpHop {
  readonly type?: string;
  readonly dst: string;
  readonly prefsrc?: string;
  readonly metric?: number;
  readonly nexthops?: readonly IpHop[];
}

/** `undefined` when there is no route, or one that refuses. Throws XlvsError. */
export function routeTo(address: string): Route | undefined {
  return routesTo([address])[0];
}

/** One for each address, in order. */
export function routesTo(addresses: readonly string[]): (Route | undefined)[] {
  return askRoutes('', addresses).map((route) => route && routeOf(route));
}

/** The entries that decide about each address, in order; `undefined` as in `routeTo`. */
export function matchedRoutes(addresses: readonly string[]): (RouteMatch | undefined)[] {
  return askRoutes('fibmatch ', addresses).map((route) => route && matchOf(route));
}

/** The gateways of both families' default routes, whatever their metrics. */
export function defaultGateways(): Gateway[] {
  return [...defaultRoutes('-4'), ...defaultRoutes('-6')].flatMap(hopsOf).flatMap(gatewayOf);
}

/** The devices of the IPv4 default route: of the lowest metric. */
export function defaultDevices(): string[] {
  return devicesOfBest(defaultRoutes('-4'));
}

/** The devices of those routes that share the lowest metric. */
export function devicesOfBest(routes: readonly IpRoute[]): string[] {
  const best = Math.min(...routes.map(({ metric = 0 }) => metric));
  return routes.filter(({ metric = 0 }) => metric === best).flatMap(devicesOf);
}

/** What `ip route get` says, as a Route. */
export function routeOf(route: IpRoute): Route {
  const gateway = route.gateway ?? route.via?.host;
  return {
    device: route.dev ?? '',
    ...(gateway !== undefined && { gateway }),
    ...(route.prefsrc !== undefined && { source: route.prefsrc }),
    local: route.type === 'local',
  };
}

/** What `ip route get fibmatch` says, as a RouteMatch. */
export function matchOf(route: IpRoute): RouteMatch {
  const length = parsePrefix(route.dst)?.length ?? 0;
  return { devices: devicesOf(route), length, local: route.type === 'local' };
}

function askRoutes(how: string, addresses: readonly string[]): (IpRoute | undefined)[] {
  const answers = ipBatch(addresses.map((address) => `route get ${how}${address}`));
  return answers.map((answer) => (answer.ok ? parseIpJson<IpRoute>(answer.output)[0] : undefined));
}

/** Without those that refuse (`unreachable default`). */
function defaultRoutes(family: '-4' | '-6'): IpRoute[] {
  return ipJson<IpRoute>([family, 'route', 'show', 'default']).filter(({ type }) => type === undefined);
}

function hopsOf(route: IpRoute): readonly IpHop[] {
  return route.nexthops ?? [route];
}

function devicesOf(route: IpRoute): string[] {
  return [...new Set(hopsOf(route).flatMap(({ dev }) => dev ?? []))];
}

function gatewayOf(hop: IpHop): Gateway[] {
  const address = hop.gateway ?? hop.via?.host;
  return hop.dev !== undefined && address !== undefined ? [{ device: hop.dev, address }] : [];
}
