// SPDX-License-Identifier: MIT
// The life of the daemon, from its claim on the pins to SIGTERM. The data plane forwards before, during and after it.
import { Claim } from './claim.ts';
import { ConfigInForce } from './config-in-force.ts';
import type { DaemonOptions } from './daemon-options.ts';
import type { DaemonWorld } from './daemon-world.ts';
import { Held } from './held.ts';
import { Keeper } from './keeper.ts';
import { MetricsPlace } from './metrics-place.ts';
import { startPulse } from './pulse.ts';
import { startRates } from './rate-keeper.ts';
import { RouterHandle } from './router-handle.ts';
import { SocketPlace } from './socket-place.ts';
import { Turnstile } from './turnstile.ts';

/**
 * Resolves after SIGTERM or SIGINT, everything closed. Throws XlvsError or ConfigProblems when it cannot start; then
 * nothing was changed, except by control, which undoes its own.
 */
export async function runDaemon(world: DaemonWorld, options: DaemonOptions): Promise<void> {
  const held = new Held();
  const isStopped = stopSignal(world, held);
  try {
    await start(world, options, held);
    await isStopped;
    options.log.info('stopping: the data plane goes on forwarding');
    world.notify('STOPPING=1');
  } finally {
    await held.closeAll();
  }
}

async function start(world: DaemonWorld, options: DaemonOptions, held: Held): Promise<void> {
  const { control } = world;
  const router = new RouterHandle(() => control.openRouter(options.pins));
  const metrics = new MetricsPlace({ router: () => router.current, version: options.version });
  const inForce = new ConfigInForce(control, options, metrics);
  const claim = new Claim(control, options.pins);
  held.add(() => claim.release());
  await claim.take();
  held.add(() => metrics.close());
  await metrics.move(inForce.config.metrics);

  const turnstile = new Turnstile();
  const reload = () => turnstile.pass(() => inForce.reload());
  held.add(world.onSignal('SIGHUP', () => void reload()));
  const result = await turnstile.pass(() => control.resume(inForce.config, options));
  for (const change of result.changes) options.log.info(change);
  held.add(() => router.close());
  router.reopen();
  await keep({ world, options, held, claim, router, turnstile, inForce, reload });
  const { mode, modeReason, loaded } = result;
  options.log.info({ pins: options.pins, mode, modeReason, loaded, metricsPort: metrics.port }, 'ready');
  world.notify('READY=1');
}

interface Running {
  readonly world: DaemonWorld;
  readonly options: DaemonOptions;
  readonly held: Held;
  readonly claim: Claim;
  readonly router: RouterHandle;
  readonly turnstile: Turnstile;
  readonly inForce: ConfigInForce;
  readonly reload: () => ReturnType<ConfigInForce['reload']>;
}

/** Everything that goes on until the end: the socket, the watch over the machine, the pulse. */
async function keep({ world, options, held, claim, router, turnstile, inForce, reload }: Running): Promise<void> {
  const { control, pid } = world;
  const socket = new SocketPlace(() => control.daemonSocketPath(options.pins), pid, reload);
  held.add(() => socket.close());
  await socket.open();
  const onNewPins = async () => {
    await claim.take();
    await socket.open();
  };
  const keeper = new Keeper({ control, options, router, turnstile, config: () => inForce.config, onNewPins });
  held.add(() => turnstile.idle());
  const watch = control.watchMachine((what) => keeper.notice(what));
  held.add(() => watch.close());
  held.add(startPulse(world, router, keeper, options.log));
  held.add(startRates(router, options.log));
}

/** Listens from the first moment on: a stop that comes early waits for the start to end, and nothing is half done. */
function stopSignal(world: DaemonWorld, held: Held): Promise<void> {
  return new Promise((resolve) => {
    held.add(world.onSignal('SIGTERM', resolve));
    held.add(world.onSignal('SIGINT', resolve));
  });
}
