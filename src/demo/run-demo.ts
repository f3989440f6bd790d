// SPDX-License-Identifier: MIT
// The main job shown on this machine: a client, a router and three servers in namespaces, xlvs on the router. Cleans up
// after itself, whatever happens.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startHttpServer } from '../lab/http-server.ts';
import { Lab } from '../lab/lab.ts';
import type { LabProcess } from '../lab/lab-process.ts';
import { patience } from '../lab/patience.ts';
import { DEMO_CONFIG } from './demo-config.ts';
import { type Scene, showCounters, showMarks, showNat, showPersistence } from './scenes.ts';
import { Stage } from './stage.ts';

const PICTURE = `
   client ──► 192.0.2.10 (the VIP)          ┌─ server1 10.0.0.1
   192.0.2.101 ──► pub0  router  prv0 ──────┼─ server2 10.0.0.2
                        xlvs (XDP)          └─ server3 10.0.0.3`;

interface DemoOptions {
  /** the program to start as `xlvs`: node and the bundle that runs now, unless told otherwise */
  readonly program?: readonly string[];
  readonly write?: (text: string) => void;
}

/** Plays every scene on a router that is up. */
async function play(stage: Stage, scene: Scene): Promise<void> {
  await showNat(stage, scene);
  await showPersistence(stage, scene);
  await showMarks(stage, scene);
  await showCounters(stage, scene);
}

async function bringUp(
  stage: Stage,
  lab: Lab,
  program: readonly string[],
): Promise<{ scene: Scene; daemon: LabProcess }> {
  for (const server of lab.servers) await startHttpServer(server, [80, 443]);
  const bpffs = lab.mountBpffs();
  const pins = join(bpffs, 'xlvs');
  const file = join(dirname(bpffs), 'xlvs.yaml');
  writeFileSync(file, DEMO_CONFIG);
  stage.heading('The config');
  stage.quote(DEMO_CONFIG);
  const [command = '', ...before] = program;
  const args = (...rest: string[]): string[] => [...before, ...rest, '--pins', pins];
  const daemon = lab.router.spawn(command, args('run', '--config', file));
  await daemon.says('ready', patience(30_000));
  const xlvs = async (...rest: string[]): Promise<string> => (await lab.router.exec(command, args(...rest))).stdout;
  return { daemon, scene: { client: lab.client(1), router: lab.router, xlvs } };
}

async function takeDown(stage: Stage, { scene, daemon }: { scene: Scene; daemon: LabProcess }): Promise<void> {
  stage.heading('Down: the router is as it was');
  stage.quote(await scene.xlvs('down'));
  await daemon.exited;
  const { stdout } = await scene.router.exec('ip', ['link', 'show']);
  const addresses = await scene.router.exec('ip', ['-brief', 'address', 'show']);
  stage.check('no XDP program and no VIP is left', !/xdp/i.test(stdout) && !addresses.stdout.includes('192.0.2.10/'));
}

/** The exit status: 0 when everything shown was true. */
export async function runDemo({ program, write }: DemoOptions = {}): Promise<number> {
  const stage = new Stage(write ?? ((text) => void process.stdout.write(text)));
  stage.heading('xlvs: an LVS router in XDP, on this machine, in namespaces of its own');
  stage.quote(PICTURE.slice(1));
  const lab = Lab.create({ name: 'demo', clients: 1, servers: 3 });
  try {
    const up = await bringUp(stage, lab, program ?? [process.execPath, process.argv[1] as string]);
    await play(stage, up.scene);
    await takeDown(stage, up);
  } catch (error) {
    stage.check('the demo ran to its end', false, error instanceof Error ? error.message : String(error));
  } finally {
    lab.destroy();
  }
  stage.heading(
    stage.failures === 0
      ? `All ${stage.checks} claims were true. The namespaces are gone; nothing is left behind.`
      : `${stage.failures} of ${stage.checks} claims were not true.`,
  );
  return stage.failures === 0 ? 0 : 1;
}
