// SPDX-License-Identifier: MIT
// Debian's archive as this machine's own mirror has it, of any suite, through a private apt root: nothing of the machine's
// own package lists or installed packages is read for it, or changed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const FRESH_MS = 24 * 3_600_000;

/** The mirror that this machine's sources name most often for Debian's main archive; undefined on other distributions. */
export function debianMirror(): string | undefined {
  const filters = ['Created-By: Packages', 'Origin: Debian'];
  const listed = execFileSync('apt-get', ['indextargets', '--format', '$(REPO_URI) $(LABEL)', ...filters], {
    encoding: 'utf8',
  });
  const uris = listed.split('\n').flatMap((line) => (line.endsWith(' Debian') ? [line.split(' ')[0] as string] : []));
  const times = (uri: string): number => uris.filter((one) => one === uri).length;
  return uris.toSorted((a, b) => times(b) - times(a))[0];
}

export class AptArchive {
  readonly suite: string;
  readonly #root: string;

  /** Package lists stay in `directory` and are fetched again once a day. Throws when the mirror has no such suite. */
  constructor(mirror: string, suite: string, directory: string) {
    this.suite = suite;
    this.#root = join(directory, suite);
    for (const place of ['etc/apt.conf.d', 'etc/sources.list.d', 'etc/preferences.d', 'state/lists/partial'])
      mkdirSync(join(this.#root, place), { recursive: true });
    mkdirSync(join(this.#root, 'cache/archives/partial'), { recursive: true });
    writeFileSync(join(this.#root, 'state/status'), '');
    const source = { Types: 'deb', URIs: mirror, Suites: suite, Components: 'main', 'Signed-By': KEYRING };
    const lines = Object.entries(source).map(([field, value]) => `${field}: ${value}\n`);
    writeFileSync(join(this.#root, 'etc/sources.list.d/debian.sources'), lines.join(''));
    if (!this.#isFresh()) this.#run('apt-get', ['update'], this.#root);
  }

  /** Names of packages that begin like this. */
  names(prefix: string): string[] {
    return this.#run('apt-cache', ['pkgnames', prefix], this.#root).split('\n').filter(Boolean);
  }

  /** A field of a package's record (`Size`); undefined when the archive lacks the package itself. */
  field(name: string, field: string): string | undefined {
    try {
      const record = this.#run('apt-cache', ['show', '--no-all-versions', name], this.#root);
      return new RegExp(`^${field}: (.*)$`, 'm').exec(record)?.[1];
    } catch {
      return undefined;
    }
  }

  /** Downloads packages into `directory`; returns the files. */
  download(names: readonly string[], directory: string): string[] {
    mkdirSync(directory, { recursive: true });
    this.#run('apt-get', ['download', ...names], directory);
    return readdirSync(directory)
      .filter((file) => file.endsWith('.deb'))
      .map((file) => join(directory, file));
  }

  #isFresh(): boolean {
    const lists = join(this.#root, 'state/lists');
    return readdirSync(lists)
      .filter((file) => file.includes('Packages'))
      .some((file) => Date.now() - statSync(join(lists, file)).mtimeMs < FRESH_MS);
  }

  #run(command: string, args: readonly string[], cwd: string): string {
    const settings = {
      'Dir::Etc': join(this.#root, 'etc'),
      'Dir::Etc::sourcelist': '/dev/null',
      'Dir::Etc::parts': join(this.#root, 'etc/apt.conf.d'),
      'Dir::State': join(this.#root, 'state'),
      'Dir::State::status': join(this.#root, 'state/status'),
      'Dir::Cache': join(this.#root, 'cache'),
      'APT::Architecture': 'amd64',
      'APT::Architectures': 'amd64',
      'Acquire::Languages': 'none',
      'Acquire::Retries': '3',
      'APT::Sandbox::User': 'root',
      'APT::Update::Error-Mode': 'any',
    };
    const options = Object.entries(settings).map(([name, value]) => `-o${name}=${value}`);
    return execFileSync(command, ['-qq', ...options, ...args], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }
}
