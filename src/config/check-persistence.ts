// SPDX-License-Identifier: MIT
// What a service's persistence means together with its family and port.
import { addressBits } from '../net/address.ts';
import type { DraftService } from './draft.ts';
import type { Path } from './path.ts';
import type { Report } from './report.ts';
import { familyOfService } from './service-family.ts';

export function checkPersistence(path: Path, service: DraftService, report: Report): void {
  if (service.port === 0 && !('persistence' in service))
    report.error([...path, 'port'], {
      because: 'port 0 means every port, which only a persistent service has',
      accepted: 'a port 1..65535, or persistence for the service',
    });
  const persistence = service.persistence;
  if (!persistence) return;
  const here = [...path, 'persistence'];
  if ('netmask' in persistence && 'prefix' in persistence)
    report.error([...here, 'prefix'], {
      found: 'prefix beside netmask',
      because: `the netmask is at ${report.place([...here, 'netmask'])}`,
      accepted: 'either netmask or prefix',
      part: 'key',
    });
  checkWidth(here, service, report);
}

function checkWidth(path: Path, service: DraftService, report: Report): void {
  const { netmask, prefix } = service.persistence ?? {};
  const family = familyOfService(service)?.family;
  if (!family) return;
  if (netmask !== undefined && family === 'ipv6')
    report.error([...path, 'netmask'], { because: 'the service is ipv6', accepted: 'prefix: 1..128 in its place' });
  if (prefix !== undefined && prefix > addressBits(family))
    report.error([...path, 'prefix'], {
      because: `the service is ${family}`,
      accepted: `a number 1..${addressBits(family)}`,
    });
}
