// SPDX-License-Identifier: MIT
// Names of hosts and services, both ways, as the system's resolver knows them; asked once each.
import type { Protocol } from '../model/model.ts';
import { canonicalAddress } from '../net/address.ts';

/** The system's resolver. A name or address it does not know is `undefined`. */
export interface Resolver {
  /** a host's IPv4 address */
  lookup(host: string): Promise<string | undefined>;
  /** an address's host name */
  reverse(address: string): Promise<string | undefined>;
  /** the text of /etc/services */
  services(): string;
}

interface NamedPort {
  readonly port: number;
  readonly protocol: string;
  readonly name: string;
  readonly aliases: readonly string[];
}

/** `http 80/tcp www # comment` */
const SERVICE_LINE = /^(\S+)[ \t]+(\d+)\/(\S+)((?:[ \t]+\S+)*)[ \t]*$/;

function parseServices(text: string): NamedPort[] {
  return text.split('\n').flatMap((line) => {
    const [, name, port, protocol, aliases] = SERVICE_LINE.exec(line.replace(/#.*/, '').trim()) ?? [];
    if (name === undefined || protocol === undefined) return [];
    return [{ name, port: Number(port), protocol, aliases: (aliases ?? '').split(/\s+/).filter(Boolean) }];
  });
}

export class Names {
  readonly #resolver: Resolver;
  readonly #hosts = new Map<string, Promise<string | undefined>>();
  #ports: readonly NamedPort[] | undefined;

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** A host's IPv4 address. */
  async addressOf(host: string): Promise<string | undefined> {
    const address = await this.#resolver.lookup(host);
    return address === undefined ? undefined : canonicalAddress(address);
  }

  hostOf(address: string): Promise<string | undefined> {
    const known = this.#hosts.get(address);
    if (known) return known;
    const asked = this.#resolver.reverse(address);
    this.#hosts.set(address, asked);
    return asked;
  }

  portOf(service: string, protocol: Protocol | undefined): number | undefined {
    const isMeant = (one: NamedPort): boolean => one.name === service || one.aliases.includes(service);
    return this.#services().find((one) => one.protocol === protocol && isMeant(one))?.port;
  }

  serviceOf(port: number, protocol: Protocol | undefined): string | undefined {
    return this.#services().find((one) => one.port === port && one.protocol === protocol)?.name;
  }

  #services(): readonly NamedPort[] {
    this.#ports ??= parseServices(this.#resolver.services());
    return this.#ports;
  }
}

export interface Place {
  readonly address: string;
  readonly port: number;
}

/** `address:port` as listings show it: by name, or by number if asked for or if there is no name. */
export type PlaceText = (place: Place, protocol: Protocol | undefined) => Promise<string>;

export const numericPlace: PlaceText = async ({ address, port }) => placeText(address, address, String(port));

export function namedPlace(names: Names): PlaceText {
  return async ({ address, port }, protocol) => {
    const host = (await names.hostOf(address)) ?? address;
    return placeText(address, host, names.serviceOf(port, protocol) ?? String(port));
  };
}

/** Brackets go with the family, whether there is a name or not. */
function placeText(address: string, host: string, port: string): string {
  return address.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
