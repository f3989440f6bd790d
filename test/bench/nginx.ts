// SPDX-License-Identifier: MIT
// A real HTTP server in a machine of the lab: nginx of one worker that answers with a few bytes.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../src/lab/host.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { patience } from '../../src/lab/patience.ts';

export const BODY = 'ok';
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

function config(directory: string): string {
  const paths = TEMPORARY.map((name) => `${name}_temp_path ${directory};`).join(' ');
  return `daemon off; user root; worker_processes 1; pid ${directory}/pid; error_log stderr;
    events { worker_connections 4096; }
    http { access_log off; ${paths} server { listen 80 backlog=4096; location / { return 200 "${BODY}"; } } }`;
}

/** Resolves when it answers; it ends with the lab. */
export async function startNginx(lab: Lab, server: Host): Promise<void> {
  const directory = join(lab.directory, `nginx-${server.name}`);
  mkdirSync(directory);
  const file = join(directory, 'nginx.conf');
  writeFileSync(file, config(directory));
  const nginx = server.spawn('nginx', ['-p', directory, '-c', file]);
  const end = Date.now() + patience(10_000);
  while (Date.now() < end) {
    const { stdout } = await server.exec('curl', ['-s', 'http://127.0.0.1/'], { check: false });
    if (stdout === BODY) return;
    await sleep(50);
  }
  throw new Error(`nginx on ${server.name} does not answer: ${nginx.stderr}`);
}
