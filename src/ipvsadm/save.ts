// SPDX-License-Identifier: MIT
// -S: the table as the lines that make it again. Thresholds, which ipvsadm loses, are in them.
import type { Server, Service } from '../model/model.ts';
import type { PlaceText } from './names.ts';
import { protocolOfKey, ruleName, settingsRule } from './service-text.ts';
import { placeOrder, serviceOrder } from './sort.ts';

export async function saveLines(services: readonly Service[], text: PlaceText): Promise<string[]> {
  const lines: string[] = [];
  for (const service of [...services].sort(serviceOrder)) {
    const name = await ruleName(service, text);
    lines.push(`-A ${name} ${settingsRule(service)}`);
    for (const server of [...service.servers].reverse().sort(placeOrder)) {
      const place = await text(server, protocolOfKey(service.key));
      lines.push(`-a ${name} -r ${place} -m -w ${server.weight}${thresholdsRule(server)}`);
    }
  }
  return lines;
}

function thresholdsRule({ upperThreshold, lowerThreshold }: Server): string {
  return `${upperThreshold ? ` -x ${upperThreshold}` : ''}${lowerThreshold ? ` -y ${lowerThreshold}` : ''}`;
}
