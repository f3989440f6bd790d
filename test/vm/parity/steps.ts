// SPDX-License-Identifier: MIT
// The steps scenarios are made of.
import { areAllAlike, type Line } from './lines.ts';
import type { Play, RouterLines, Seen, Sender, Step } from './play.ts';
import type { Router, Told } from './routers.ts';
import { lasting, rowLine } from './rows.ts';
import { type Flow, fromClient, saying } from './senders.ts';
import type { RouterName } from './wires.ts';

/** Counters reach the kernel's listings every two seconds; xlvs's timer comes by all connections in eight. */
const EVENTUALLY_MS = 30_000;
const PAUSE_MS = 250;
const LOOKS = 3;

const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const linesOf = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** All that a command said, as lines. */
function said({ status, stdout, stderr }: Told): Line[] {
  const errors = linesOf(stderr).map((text) => ({ text: `stderr: ${text}` }));
  return [...linesOf(stdout).map((text) => ({ text })), ...errors, { text: `status ${status}` }];
}

/** ipvsadm's arguments, one command a line; `$V`, `$S1` and `$M` stand for addresses and the mark. */
export const commands = (...lines: readonly string[]): Step[] =>
  lines.map((line) => ({
    title: `ipvsadm ${line}`,
    run: (play) => play.each(async (router) => said(await router.ipvsadm(play.expand(line)))),
  }));

/** Lines of a table at once, as `ipvsadm -R` reads them: a process each would take most of the time. */
const restore = (lines: readonly string[]): Step => ({
  title: `ipvsadm -R: ${lines.join('; ')}`,
  run: (play) => {
    const input = lines.map((line) => `${play.expand(line).join(' ')}\n`).join('');
    return play.each(async (router) => said(await router.ipvsadm(['-R'], input)));
  },
});

const isEdit = (line: string | undefined): line is string => line !== undefined && /^-[AEDaed] /.test(line);

/** The same commands where it does not matter that edits in a row are one process. */
export function admin(...lines: readonly string[]): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < lines.length; ) {
    const edits = lines.slice(at).findIndex((line) => !isEdit(line));
    const count = edits < 0 ? lines.length - at : edits;
    const group = lines.slice(at, at + Math.max(count, 1));
    steps.push(...(group.length > 1 ? [restore(group)] : commands(...group)));
    at += group.length;
  }
  return steps;
}

/** The same step until both show the same: what is counted or cleared away by a timer takes its time. */
const inTheEnd = ({ title, run }: Step): Step => ({
  title: `${title}, in the end`,
  async run(play) {
    const end = Date.now() + EVENTUALLY_MS;
    for (;;) {
      const seen = await run(play);
      if (areAllAlike(seen.ipvs, seen.xlvs) || Date.now() > end) return seen;
      await sleep(PAUSE_MS);
    }
  },
});

/** A listing that both must print alike in the end. */
export const eventually = (line: string): Step => inTheEnd(commands(line)[0] as Step);

const byText = (a: Line, b: Line): number =>
  a.text === b.text ? (a.seconds ?? 0) - (b.seconds ?? 0) : a.text < b.text ? -1 : 1;

interface Listing {
  readonly titles: readonly Line[];
  readonly rows: readonly Line[];
  /** milliseconds: when it was taken */
  readonly at: number;
}

async function listing(play: Play, router: Router, options: string): Promise<Listing> {
  const { stdout } = await router.ipvsadm(play.expand(`-Lnc ${options}`.trim()));
  const [title = '', names = '', ...rows] = linesOf(stdout);
  const own = rows.filter((row) => play.ownNames.some((name) => row.includes(name)));
  return { titles: [{ text: title }, { text: names }], rows: own.map(rowLine), at: Date.now() };
}

/** Its rows as they would be at that moment, sorted: their order is that of a hash. */
const rowsAt = (moment: number, { rows, at }: Listing): Line[] =>
  rows.map(({ text, seconds = 0 }) => ({ text, seconds: seconds - (moment - at) / 1000 })).sort(byText);

/** One router is asked after the other: what passes between is taken off. */
async function listBoth(play: Play, options: string): Promise<Seen> {
  const listings = new Map<RouterName, Listing>();
  await play.eachInTurn(async (router, name) => void listings.set(name, await listing(play, router, options)));
  const now = Date.now();
  const [ours, theirs] = (['ipvs', 'xlvs'] as const).map((name) => listings.get(name) as Listing) as [Listing, Listing];
  const [ipvs, xlvs] = lasting(rowsAt(now, ours), rowsAt(now, theirs));
  return { ipvs: [...ours.titles, ...ipvs], xlvs: [...theirs.titles, ...xlvs] };
}

/**
 * This scenario's connections and persistence entries. Where the two differ they are looked at again: a page of IPVS's listing
 * begins at a position, so that it leaves out a row for each that has ended before it since the last page.
 */
export const connections = (options = ''): Step => ({
  title: `ipvsadm -Lnc ${options}`.trim(),
  async run(play) {
    for (let looks = 1; ; looks++) {
      const seen = await listBoth(play, options);
      if (areAllAlike(seen.ipvs, seen.xlvs) || looks === LOOKS) return seen;
      await sleep(PAUSE_MS);
    }
  },
});

const isDiscarded = ({ text }: Line): boolean => text.includes(':65535 ');

/** The same where one router ends connections at once and the other soon; what IPVS has discarded stays (departures.ts). */
export const connectionsInTheEnd = (): Step =>
  inTheEnd({
    title: 'ipvsadm -Lnc',
    async run(play) {
      const { ipvs, xlvs } = await connections().run(play);
      return { ipvs: ipvs.filter((line) => !isDiscarded(line)), xlvs };
    },
  });

export const packets = (title: string, ...senders: readonly Sender[]): Step => ({
  title,
  run: (play) => play.send(senders),
});

export interface Connects extends Partial<Flow> {
  readonly count?: number;
  /** one connection of each */
  readonly clients?: readonly number[];
  readonly flags?: string;
}

/** New connections, each from a port of its own: the servers chosen, in order. */
export function connect({ count = 1, clients, flags = 'S', clientPort, ...flow }: Connects = {}): Step {
  const who = clients ?? Array.from({ length: count }, () => flow.client ?? 1);
  return {
    title: `${who.length} new connections to port ${flow.port ?? 80}`,
    run: (play) =>
      play.send(
        who.map((client) => {
          const own = { ...flow, client, clientPort: clientPort ?? play.nextPort() };
          return fromClient(own, { flags, chunks: ['init'] });
        }),
      ),
  };
}

const nothingYet = (): RouterLines => ({ ipvs: [], xlvs: [] });

/** Sends these, too, and adds what came out. */
async function sendMore(play: Play, seen: RouterLines, senders: readonly Sender[]): Promise<void> {
  const once = await play.send(senders);
  seen.ipvs.push(...once.ipvs);
  seen.xlvs.push(...once.xlvs);
}

/** `>S <SA >A`: what client and server say in turn (senders.ts); each one's way is compared. */
export const talk = (script: string, flow: Partial<Flow> & { readonly bytes?: number } = {}): Step => ({
  title: `talk ${script}`,
  async run(play) {
    const seen = nothingYet();
    const { bytes, ...rest } = flow;
    const own = { clientPort: flow.clientPort ?? play.nextPort(), ...rest };
    for (const word of script.split(' ')) await sendMore(play, seen, [saying(word, own, bytes)]);
    return seen;
  },
});

/** Every conversation's first word, then every one's second: an answer is to what has come. Each has a port of its own. */
export const walk = (conversations: readonly string[], first: Flow): Step => ({
  title: `${conversations.length} conversations like ${conversations[0]}`,
  async run(play) {
    const seen = nothingYet();
    const scripts = conversations.map((conversation) => conversation.split(' '));
    const flows = scripts.map((_, i) => ({ ...first, clientPort: first.clientPort + i }));
    for (let round = 0; scripts.some((words) => round < words.length); round++)
      await sendMore(
        play,
        seen,
        scripts.flatMap((words, i) => words.slice(round, round + 1).map((word) => saying(word, flows[i] as Flow))),
      );
    return seen;
  },
});

/** What a step showed in other words, where its own are left to chance, or to a counter that began elsewhere. */
export const summed = ({ title, run }: Step, sum: (texts: readonly string[]) => string[]): Step => ({
  title,
  async run(play) {
    const { ipvs, xlvs } = await run(play);
    const of = (lines: readonly Line[]): Line[] => sum(lines.map(({ text }) => text)).map((text) => ({ text }));
    return { ipvs: of(ipvs), xlvs: of(xlvs) };
  },
});

/** How many packets came out, not which. */
export const howMany = (step: Step): Step => summed(step, (texts) => [`${texts.length} packets`]);

const nothing: Seen = { ipvs: [], xlvs: [] };

export const setSwitch = (name: string, value: number): Step => ({
  title: `${name}=${value}`,
  async run(play: Play) {
    await play.setSwitch(name, value);
    return nothing;
  },
});

export const pause = (seconds: number): Step => ({
  title: `${seconds} s pass`,
  async run() {
    await sleep(seconds * 1000);
    return nothing;
  },
});
