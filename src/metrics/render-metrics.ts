// SPDX-License-Identifier: MIT
// All series of a running data plane as one text, read at the moment of the scrape. Keeps nothing between two scrapes.
import type { DataPlane } from '../dataplane/data-plane.ts';
import { Exposition } from './exposition.ts';
import { nodeIpvsSeries } from './node-ipvs-series.ts';
import { routerSeries } from './router-series.ts';
import { serviceSeries } from './service-series.ts';

/** Prometheus text format 0.0.4, in UTF-8, piece by piece. `version` is xlvs's own. */
export function renderMetrics(router: DataPlane, version: string): readonly Uint8Array[] {
  const out = new Exposition();
  const { services, totals } = router.statistics();
  serviceSeries(out, services);
  routerSeries(out, router, version);
  nodeIpvsSeries(out, totals, services);
  return out.chunks();
}
