// SPDX-License-Identifier: MIT
// A real HTTP client: wrk, with a new connection for each request.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lab } from '../../src/lab/lab.ts';

/** of /proc/stat */
const TICKS_PER_SECOND = 100;
export const PERCENTILES = [50, 90, 99, 99.9] as const;

/** wrk's own summary has no 99.9. */
const SCRIPT = `
done = function(summary, latency, requests)
  local e = summary.errors
  local at = {}
  for _, p in ipairs({${PERCENTILES.join(', ')}}) do at[#at + 1] = latency:percentile(p) end
  io.write(string.format('{"requests":%d,"microseconds":%d,"errors":%d,"latencies":[%s]}',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout, table.concat(at, ',')))
end
`;

export interface HttpLoad {
  readonly perSecond: number;
  /** microseconds of CPU, of the whole machine, for each request */
  readonly cpu: number;
  /** microseconds, in the order of PERCENTILES */
  readonly latencies: readonly number[];
}

/** Seconds that the machine's CPUs were busy, since boot. */
function busySeconds(): number {
  const fields = readFileSync('/proc/stat', 'utf8').split('\n', 1).join().split(/ +/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields;
  return (user + nice + system + irq + softirq) / TICKS_PER_SECOND;
}

export interface Load {
  readonly connections: number;
  readonly seconds: number;
}

/** From the lab's first client. Throws unless every answer was right. */
export async function loadHttp(lab: Lab, url: string, { connections, seconds }: Load): Promise<HttpLoad> {
  const script = join(lab.directory, 'wrk.lua');
  writeFileSync(script, SCRIPT);
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-H', 'Connection: close', '-s', script, url];
  const before = busySeconds();
  const { stdout } = await lab.client().exec('wrk', args, { timeout: (seconds + 10) * 1000 });
  const busy = busySeconds() - before;
  const { requests, microseconds, errors, latencies } = JSON.parse(stdout.slice(stdout.indexOf('{')));
  if (errors > 0 || requests === 0) throw new Error(`${url}: ${errors} errors, ${requests} answers`);
  return { perSecond: (requests / microseconds) * 1e6, cpu: (busy / requests) * 1e6, latencies };
}
