// SPDX-License-Identifier: MIT
// Whether the router forwards: every interface is attached. Says nothing about the servers behind it.
import type { DataPlane } from '../dataplane/data-plane.ts';

/** Why the router is not healthy, in one line; `undefined` when it is. */
export function illness(router: DataPlane | undefined): string | undefined {
  if (!router) return 'starting: the data plane is not filled yet';
  const interfaces = router.interfaces();
  if (interfaces.length === 0) return 'no interface is attached';
  const lost = interfaces.filter(({ mode }) => mode === undefined).map(({ device }) => device);
  return lost.length > 0 ? `not attached: ${lost.join(', ')}` : undefined;
}
