// SPDX-License-Identifier: MIT
// A network device and how `ip` describes it. Reads none: see read-device.ts.

/** What a frame carries between its MACs and what is in it. */
export interface VlanTag {
  /** `0x8100` (802.1Q) or `0x88a8` (802.1ad) */
  readonly ethertype: number;
  /** 0..4095 */
  readonly id: number;
}

export interface Device {
  readonly name: string;
  /** other names that commands accept for it */
  readonly alternativeNames: readonly string[];
  readonly ifindex: number;
  /** `02:00:00:00:00:01`; empty for a device without */
  readonly mac: string;
  /** bytes */
  readonly mtu: number;
  /** switched on by the administrator; says nothing about the cable */
  readonly up: boolean;
  /** whether its frames have Ethernet headers: not loopback, tun, wireguard or ppp */
  readonly ethernet: boolean;
  /** `veth`, `vlan`, `bond`, `bridge`…; `undefined` for hardware */
  readonly kind: string | undefined;
  /** what it stands on (of a VLAN) or is connected to (of a veth), where that is in this namespace */
  readonly link: string | undefined;
  /** of a VLAN device: what its frames carry below it */
  readonly tag: VlanTag | undefined;
  /** `undefined` when the device does not say */
  readonly driver: string | undefined;
  /** whether it takes the tags out of the frames it receives (802.1Q), and tells them beside */
  readonly stripsTags: boolean;
}

/** One object of `ip -json -details link show`. */
export interface IpLink {
  readonly ifname: string;
  readonly altnames?: readonly string[];
  readonly ifindex: number;
  readonly flags: readonly string[];
  readonly mtu: number;
  readonly link_type: string;
  readonly address?: string;
  readonly link?: string;
  readonly linkinfo?: {
    readonly info_kind?: string;
    readonly info_data?: { readonly protocol?: string; readonly id?: number };
  };
}

const ETHERTYPES: Readonly<Record<string, number>> = { '802.1Q': 0x8100, '802.1ad': 0x88a8 };

function tagOf({ linkinfo }: IpLink): VlanTag | undefined {
  const { protocol = '', id } = linkinfo?.info_data ?? {};
  const ethertype = ETHERTYPES[protocol];
  if (linkinfo?.info_kind !== 'vlan' || id === undefined || ethertype === undefined) return undefined;
  return { ethertype, id };
}

/** What ethtool says of a device, beside `ip`. */
export type Hardware = Pick<Device, 'driver' | 'stripsTags'>;

/** What `ip` says about a link as a Device. */
export function deviceOf(link: IpLink, { driver, stripsTags }: Hardware): Device {
  return {
    name: link.ifname,
    alternativeNames: link.altnames ?? [],
    ifindex: link.ifindex,
    mac: link.address ?? '',
    mtu: link.mtu,
    up: link.flags.includes('UP'),
    ethernet: link.link_type === 'ether',
    kind: link.linkinfo?.info_kind,
    link: link.link,
    tag: tagOf(link),
    driver,
    stripsTags,
  };
}

/** The device that a name or alternative name stands for. */
export function findDevice(devices: readonly Device[], name: string): Device | undefined {
  return devices.find((device) => device.name === name || device.alternativeNames.includes(name));
}
