// SPDX-License-Identifier: MIT
// dnsmasq as a DNS server in a machine of the lab, over UDP and TCP.
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';

/** `who.lab` has a TXT record with the machine's name and an A record with its address. Resolves when it listens. */
export function startDnsServer(host: Host, port = 53): Promise<LabProcess> {
  const records = [`--txt-record=who.lab,${host.name}`, `--host-record=who.lab,${host.address}`];
  const alone = ['--conf-file=/dev/null', '--no-resolv', '--no-hosts', '--pid-file=', '--user=root'];
  return host
    .spawn('dnsmasq', ['--keep-in-foreground', '--log-facility=-', `--port=${port}`, ...alone, ...records])
    .says('started, version');
}
