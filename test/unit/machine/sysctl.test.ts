// SPDX-License-Identifier: MIT
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { deviceSetting, readSysctl, sysctlName, writeSysctl } from '../../../src/machine/sysctl.ts';

describe('a kernel setting', () => {
  test('is read without its newline', () => {
    expect(readSysctl('kernel/osrelease')).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trimEnd());
  });

  test('that the kernel does not have is absent, and cannot be set', () => {
    const setting = deviceSetting('no-such-dev', 'forwarding');
    expect(readSysctl(setting)).toBeUndefined();
    const line = (path: string) => expect.objectContaining({ line: path });
    expect(() => writeSysctl(setting, '1')).toThrow(
      line(
        'net.ipv4.conf.no-such-dev.forwarding: the kernel has no such setting; see `ip link`, which has to list no-such-dev',
      ),
    );
    expect(() => writeSysctl('net/ipv4/no_such_setting', '1')).toThrow(
      line('net.ipv4.no_such_setting: the kernel has no such setting; xlvs needs kernel 6.1 or newer'),
    );
  });

  test('that cannot be read is named with a cure', () => {
    expect(() => readSysctl('net')).toThrow(
      expect.objectContaining({ line: 'net: EISDIR; see what `sysctl net` says' }),
    );
  });

  test('is named with dots, or with slashes when a device has a dot', () => {
    expect(sysctlName(deviceSetting('eth0', 'rp_filter'))).toBe('net.ipv4.conf.eth0.rp_filter');
    expect(sysctlName(deviceSetting('eth0.5', 'rp_filter'))).toBe('net/ipv4/conf/eth0.5/rp_filter');
  });
});
