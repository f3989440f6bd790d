// SPDX-License-Identifier: MIT
// Boots a kernel in QEMU, by emulation unless KVM is asked for, and returns what the command of its initrd printed.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Engine = 'tcg' | 'kvm' | 'icount';

export interface BootOptions {
  readonly vmlinuz: string;
  readonly initrd: string;
  readonly disk: string;
  /** seconds until the guest is killed */
  readonly timeout: number;
  /** `tcg` emulates, `kvm` needs /dev/kvm, `icount` emulates one CPU whose clock counts instructions */
  readonly engine?: Engine;
  /** virtio-net devices, all on one hub */
  readonly nics?: number;
}

export interface BootResult {
  /** of the command; undefined when the guest did not live to tell: panic, hang, no QEMU */
  readonly status: number | undefined;
  /** the guest's console */
  readonly output: string;
}

const ENGINES = {
  tcg: ['-accel', 'tcg,thread=multi', '-smp', '2'],
  kvm: ['-accel', 'kvm', '-smp', '2'],
  icount: ['-accel', 'tcg,thread=single', '-icount', 'shift=0,sleep=off', '-smp', '1'],
} as const;

/**
 * From 6.18 on the kernel allocates BPF timers in a way that needs cmpxchg16b, or caches that check themselves; older ones
 * do not know the word.
 */
const SLAB = 'slab_debug=F,kmalloc-*';

/** One instruction that clears a page counts 4096 times, where a real CPU needs the time of a hundred. */
const COUNTED = 'init_on_alloc=0';

/** Without offloads: those that guests negotiate keep XDP from attaching natively. */
const NIC_SETTINGS = 'csum=off,guest_csum=off,guest_tso4=off,guest_tso6=off,guest_ecn=off,guest_ufo=off';

function nic(i: number): string[] {
  const device = `virtio-net-pci,netdev=n${i},mac=52:54:00:00:00:0${i},mq=off,${NIC_SETTINGS}`;
  return ['-netdev', `hubport,id=n${i},hubid=0`, '-device', device];
}

function qemuArguments(options: BootOptions, serial: string): string[] {
  const engine = options.engine ?? 'tcg';
  return [
    ...['-M', 'q35', ...ENGINES[engine]],
    // QEMU 7.2 emulates cmpxchg16b wrongly; kernels 6.12 and later then fault at random
    ...['-cpu', engine === 'kvm' ? 'host' : 'max,-cx16', '-m', '1536M'],
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot', '-serial', `file:${serial}`],
    ...['-kernel', options.vmlinuz, '-initrd', options.initrd],
    ...['-drive', `if=none,id=disk,file=${options.disk},format=raw,readonly=on`],
    ...['-device', 'virtio-blk-pci,drive=disk'],
    ...Array.from({ length: options.nics ?? 0 }, (_, i) => nic(i)).flat(),
    ...['-append', `console=ttyS0 panic=-1 loglevel=3 ${SLAB} ${engine === 'icount' ? COUNTED : ''}`],
  ];
}

export async function boot(options: BootOptions): Promise<BootResult> {
  const directory = mkdtempSync(join(tmpdir(), 'xlvs-vm-'));
  const serial = join(directory, 'console');
  try {
    const qemu = spawn('qemu-system-x86_64', qemuArguments(options, serial), { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [qemu.stdout, qemu.stderr]) stream.on('data', (data) => (said += data));
    const timer = setTimeout(() => qemu.kill('SIGKILL'), options.timeout * 1000);
    await new Promise((resolve, reject) => {
      qemu.on('close', resolve);
      qemu.on('error', reject);
    }).finally(() => clearTimeout(timer));
    const output = readIfThere(serial).replaceAll('\r', '') + said;
    const status = [...output.matchAll(/^vm: end (\d+)$/gm)].at(-1)?.[1];
    return { status: status === undefined ? undefined : Number(status), output };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
