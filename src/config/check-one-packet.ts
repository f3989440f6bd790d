// SPDX-License-Identifier: MIT
// One-packet scheduling is for datagrams: ipvsadm refuses it for any protocol but UDP; a mark may have datagrams among others.
import type { DraftService } from './draft.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';

export function checkOnePacket(path: Path, service: DraftService, report: Report): void {
  const { protocol, snat, 'one-packet': onePacket } = service;
  if (onePacket && snat)
    report.error([...path, 'snat'], {
      because: 'a one-packet service keeps no connection, so an answer to the router would find no client',
      accepted: 'either snat or one-packet',
    });
  if (!onePacket || 'mark' in service || protocol === undefined || protocol === 'udp') return;
  report.error([...path, 'one-packet'], {
    because: `the service's protocol is ${protocol}`,
    accepted: 'with protocol: udp or a mark, or remove it',
  });
}
