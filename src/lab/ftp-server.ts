// SPDX-License-Identifier: MIT
// pyftpdlib as an anonymous, read-only FTP server in a machine of the lab. It comes as a library, so that installing it
// starts no server on the machine that runs the lab.
import type { Host } from './host.ts';
import type { LabProcess } from './lab-process.ts';

export interface FtpOptions {
  /** what is served */
  readonly directory: string;
  /** data connections of passive mode, `first-last` */
  readonly passivePorts: string;
  /** the address told to clients in the answer to PASV; default: the one they connected to, as the server sees it */
  readonly passiveAddress?: string;
  /** default 21 */
  readonly port?: number;
  /** where it listens, default: IPv4; `::` for IPv6 */
  readonly address?: string;
}

/** Resolves when it listens. */
export function startFtpServer(host: Host, options: FtpOptions): Promise<LabProcess> {
  const nat = options.passiveAddress ? ['-n', options.passiveAddress] : [];
  const address = options.address ? ['-i', options.address] : [];
  const listen = ['-p', String(options.port ?? 21), '-r', options.passivePorts, ...address, ...nat];
  return host
    .spawn('/usr/bin/python3', ['-u', '-m', 'pyftpdlib', '-d', options.directory, ...listen])
    .says('starting FTP server');
}
