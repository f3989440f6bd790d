// SPDX-License-Identifier: MIT
// Kernel settings below /proc/sys, by path (`net/ipv4/conf/eth0/rp_filter`): a device's name may have dots. Those below
// net/ are the calling process's namespace's.
import { readFileSync, writeFileSync } from 'node:fs';
import { XlvsError } from '../model/xlvs-error.ts';

/** The path of a device's IPv4 setting; `all` is a device here. */
export function deviceSetting(device: string, setting: string): string {
  return `net/ipv4/conf/${device}/${setting}`;
}

/** The same of IPv6. */
export function ipv6Setting(device: string, setting: string): string {
  return `net/ipv6/conf/${device}/${setting}`;
}

/** The value as text without its newline; `undefined` when the kernel has no such setting. Throws XlvsError. */
export function readSysctl(path: string): string | undefined {
  try {
    return readFileSync(`/proc/sys/${path}`, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw sysctlError(path, error);
  }
}

/** Sets the value and returns the one before, for whoever must restore it. Throws XlvsError, having changed nothing. */
export function writeSysctl(path: string, value: string): string {
  const before = readSysctl(path);
  if (before === undefined)
    throw new XlvsError('missing', `${sysctlName(path)}: the kernel has no such setting`, absenceCure(path));
  if (before === value) return before;
  try {
    writeFileSync(`/proc/sys/${path}`, value);
  } catch (error) {
    throw sysctlError(path, error);
  }
  return before;
}

/** The name as sysctl(8) takes it: with dots, or with slashes where a part has a dot itself. */
export function sysctlName(path: string): string {
  return path.includes('.') ? path : path.replaceAll('/', '.');
}

/** Mostly it is the device that is not there. */
function absenceCure(path: string): string {
  const [, device] = /^net\/ipv[46]\/conf\/(.+)\/\w+$/.exec(path) ?? [];
  return device === undefined ? 'xlvs needs kernel 6.1 or newer' : `see \`ip link\`, which has to list ${device}`;
}

function sysctlError(path: string, error: unknown): XlvsError {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  const isForbidden = code === 'EACCES' || code === 'EPERM' || code === 'EROFS';
  const hint = isForbidden ? `set ${sysctlName(path)} as root` : `see what \`sysctl ${sysctlName(path)}\` says`;
  return new XlvsError('refused', `${sysctlName(path)}: ${code}`, hint, error);
}
