// SPDX-License-Identifier: MIT
// What differs between a file and what runs besides what packets are decided by: interfaces and table sizes.
import type { Difference } from '../control/diff.ts';
import type { DataPlane } from '../dataplane/data-plane.ts';
import type { Config } from '../model/model.ts';

export function loadDifferences(router: DataPlane, config: Config): Difference[] {
  return [...interfaceDifferences(router, config), ...tableDifferences(router, config)];
}

function interfaceDifferences(router: DataPlane, { interfaces }: Config): Difference[] {
  const running = new Map(router.interfaces().map((one) => [one.device, one]));
  const listed = new Set(interfaces.map(({ device }) => device));
  const gone = [...running.keys()].filter((device) => !listed.has(device));
  return [
    ...gone.map((device): Difference => ({ kind: 'removed', subject: `interface ${device}`, detail: '' })),
    ...interfaces.flatMap(({ device, role, mode }): Difference[] => {
      const subject = `interface ${device}`;
      const old = running.get(device);
      if (!old) return [{ kind: 'added', subject, detail: role }];
      if (!old.mode) return [{ kind: 'changed', subject, detail: 'not attached -> attached' }];
      const changed = (detail: string): Difference => ({ kind: 'changed', subject, detail });
      return [
        ...(old.role === role ? [] : [changed(`role ${old.role} -> ${role}`)]),
        ...(mode === 'auto' || mode === old.mode
          ? []
          : [
              changed(`mode ${old.mode} -> ${mode} (takes \`xlvs down\` first: a router keeps its mode while it runs)`),
            ]),
      ];
    }),
  ];
}

function tableDifferences(router: DataPlane, { tables }: Config): Difference[] {
  return router.otherTables(tables).map(({ name, running, wanted }) => ({
    kind: 'changed',
    subject: 'tables',
    detail: `${name} ${running} -> ${wanted} (takes \`xlvs down\` first: a table keeps its size while it runs)`,
  }));
}
