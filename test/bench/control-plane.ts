// SPDX-License-Identifier: MIT
// What an operator waits for: 1,000 services of 20 servers applied to a router, and their metrics scraped.
import { changeBetween } from '../../src/control/diff.ts';
import { renderMetrics } from '../../src/metrics/render-metrics.ts';
import type { Service } from '../../src/model/model.ts';
import { openRig } from './rig.ts';
import type { Effort, Row } from './row.ts';
import { summarize } from './statistics.ts';

const SERVICES = 1000;
const SERVERS = 20;

function services(): Service[] {
  return Array.from({ length: SERVICES }, (_, i) => ({
    name: `service-${i}`,
    key: { kind: 'address', protocol: 'tcp', address: `198.51.${100 + (i >> 8)}.${i & 255}`, port: 80 },
    scheduler: 'wlc',
    servers: Array.from({ length: SERVERS }, (_, j) => ({
      address: `192.168.${i & 255}.${(i >> 8) * SERVERS + j + 1}`,
      port: 8080,
      weight: 1,
    })),
  }));
}

function milliseconds(work: () => void): number {
  const before = performance.now();
  work();
  return performance.now() - before;
}

/** One router, empty at first. */
function once(wanted: readonly Service[], applies: number[], scrapes: number[]): void {
  const { router, close } = openRig(65536);
  try {
    const apply = (): void => {
      const running = router.state();
      router.change(changeBetween(running, { ...running, services: wanted }));
    };
    applies.push(milliseconds(apply));
    const servers = router.state().services.reduce((sum, service) => sum + service.servers.length, 0);
    if (servers !== SERVICES * SERVERS) throw new Error(`${servers} servers run, not ${SERVICES * SERVERS}`);
    for (let i = 0; i < 3; i++) scrapes.push(milliseconds(() => renderMetrics(router, 'bench')));
  } finally {
    close();
  }
}

export function controlPlaneRows({ quick }: Effort): Row[] {
  const wanted = services();
  const applies: number[] = [];
  const scrapes: number[] = [];
  for (let i = 0; i < (quick ? 3 : 9); i++) once(wanted, applies, scrapes);
  const row = (measure: string, values: number[], most: number): Row => {
    const { median, spread } = summarize(values);
    return { measure, value: median, unit: 'ms', against: `${most} ms`, ratio: median / most, spread };
  };
  return [row('apply/20k', applies, 1000), row('scrape/20k', scrapes, 200)];
}
