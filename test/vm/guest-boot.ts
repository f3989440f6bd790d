// SPDX-License-Identifier: MIT
// A kernel booted for some checks: the disk that all kernels share, each one's first file system, the command inside.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileBenchObject } from '../bench/compile-bench-object.ts';
import { compileWhenStale } from '../compile-bpf.ts';
import { compileOther } from '../net/other-object.ts';
import { buildPacketObject } from '../packet/build-packet-object.ts';
import { type BootResult, boot, type Engine } from './boot.ts';
import { BOOTS, type Boot, PROGRAMS } from './checks.ts';
import { writeDisk } from './disk-image.ts';
import { makeGuestWork, SUITES, suiteName } from './guest-work.ts';
import { writeInitrd } from './initrd.ts';
import type { KernelImage } from './kernel-image.ts';

export const CACHE = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'xlvs/kernels');
const TAP = 'test/vm/parity/tap.bpf.c';
const LOGS = 'build/vm';
/** Emulated, two at a time on two cores, the packet suite alone takes minutes. */
const TIMEOUT_S = 3_600;
/** Emulation makes the million frames of the fuzz test take an hour; they have run on this machine's own kernel. */
const ENVIRONMENT = 'XLVS_FUZZ_FRAMES=300 XLVS_LAB_SLOWNESS=10 NO_COLOR=1';

/** Which of a boot's scenarios are played (parity.test.ts), as the guest's shell takes it. */
const PARITY = `PARITY='${(process.env.PARITY ?? '').replaceAll("'", `'\\''`)}'`;

/** What init.sh says when it comes to the checks. */
const BEGUN = 'vm: begin';
/** QEMU's emulation patches a running kernel's code wrongly now and then: a guest that dies before init.sh says nothing of xlvs. */
const BOOT_TRIES = 3;

export interface BootedKernel extends BootResult {
  readonly seconds: number;
}

export class GuestBoots {
  readonly #directory = mkdtempSync(join(tmpdir(), 'xlvs-vms-'));
  readonly #disk = join(this.#directory, 'disk.ext4');

  /** Builds the disk out of this checkout; what is left on the machine goes with the process. */
  static async prepare(): Promise<GuestBoots> {
    const boots = new GuestBoots();
    process.once('exit', () => rmSync(boots.#directory, { recursive: true, force: true }));
    mkdirSync('build/test', { recursive: true });
    for (const family of [4, 6] as const) buildPacketObject(family);
    compileBenchObject('wire');
    compileOther('build/test');
    compileWhenStale(TAP, 'build/test/tap.bpf.o');
    const files = Object.values(BOOTS).flatMap(({ checks }) => checks.flatMap((check) => check.files));
    const work = await makeGuestWork(join(boots.#directory, 'work'), files);
    const linked = ['build/libbpf.node', `${SUITES}/libbpf.node`];
    writeDisk({ programs: PROGRAMS, work: work.directory, linked }, boots.#disk);
    return boots;
  }

  /** What the guest's console said is kept in build/vm/. `emulator` unless the boot names its own. */
  async run(kernel: KernelImage, name: keyof typeof BOOTS, emulator: Engine = 'tcg'): Promise<BootedKernel> {
    const { checks, modules, engine = emulator, nics = 0 }: Boot = BOOTS[name];
    const initrd = join(this.#directory, `${kernel.version}-${name}.cpio`);
    const suites = checks.flatMap(({ files }) => files.map((file) => `${SUITES}/${suiteName(file)}.mjs`));
    const command = `${ENVIRONMENT} ${PARITY} exec node ${SUITES}/runner.mjs ${suites.join(' ')}`;
    writeInitrd(kernel, modules, command, initrd);
    const { vmlinuz } = kernel;
    const start = Date.now();
    const again = () => boot({ vmlinuz, initrd, disk: this.#disk, timeout: TIMEOUT_S, engine, nics });
    let result = await again();
    for (let i = 1; i < BOOT_TRIES && !result.output.includes(BEGUN); i++) result = await again();
    mkdirSync(LOGS, { recursive: true });
    writeFileSync(join(LOGS, `${kernel.version}-${name}.log`), result.output);
    return { ...result, seconds: Math.round((Date.now() - start) / 1000) };
  }
}
