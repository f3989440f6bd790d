// SPDX-License-Identifier: MIT
// What interfaces mean together: devices, roles and floating addresses. Whether a device exists is not known here.
import { type Draft, type DraftInterface, present } from './draft.ts';
import { floatingAddresses } from './own-addresses.ts';
import { repeats } from './repeats.ts';
import type { Report } from './report.ts';

export function checkInterfaces(draft: Draft, report: Report): void {
  const interfaces = present(draft.interfaces);
  for (const { first, again } of repeats(interfaces, ([, { device }]) => device))
    report.error(['interfaces', again[0], 'device'], {
      because: `the same device as ${report.place(['interfaces', first[0]])}`,
      accepted: 'each device once',
    });
  for (const { first, again } of repeats(floatingAddresses(draft), ({ address }) => address))
    report.error(again.path, {
      because: `the same address as ${report.place(first.path)}`,
      accepted: 'each floating address once',
    });
  checkRoles(interfaces, report);
}

function checkRoles(interfaces: readonly [number, DraftInterface][], report: Report): void {
  const roles = interfaces.map(([, { role }]) => role);
  if (roles.length === 0 || roles.includes(undefined)) return;
  if (!roles.includes('public'))
    report.error(['interfaces'], {
      found: 'no interface of role public',
      accepted: 'at least one: clients come in there',
    });
  else if (!roles.includes('private'))
    report.warn(['interfaces'], {
      found: 'no interface of role private',
      accepted: 'one on the side of the servers, unless clients and servers share an interface',
    });
}
