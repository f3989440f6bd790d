// SPDX-License-Identifier: MIT
// Small texts that live as long as the pins, in chunks of a map: the last applied file, what was added to the machine.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as abi from '../abi/index.ts';
import { XlvsError } from '../model/xlvs-error.ts';
import type { DataPlane, DocumentName } from './data-plane.ts';
import { openDocuments, type RouterMaps } from './pins.ts';

const NUMBERS: Readonly<Record<DocumentName, number>> = {
  applied: 1,
  machine: 2,
  registry: 3,
  marks: 4,
  object: 5,
  file: 6,
  interfaces: 7,
  zeroes: 8,
  rates: 9,
  'zeroed-rates': 10,
};
const CHUNK = abi.LIMIT_DOCUMENT_CHUNK;
/** Two copies of each document: a reader finds the old one whole until the new one is. */
const COPY = 16;
/** Bytes of a text; a config of 100,000 servers is a tenth of it. */
const TEXT_MAX = 2 ** 26;

type Documents = RouterMaps['documents'];

/** Chunk 0 of a document's number names the copy in force and its length in chunks. */
function readHead(documents: Documents, document: number): { copy: number; chunks: number } | undefined {
  const head = documents.get({ document, chunk: 0 });
  if (!head) return undefined;
  const view = new DataView(head.bytes.buffer, head.bytes.byteOffset, 8);
  return { copy: view.getUint32(0), chunks: view.getUint32(4) };
}

function writeHead(documents: Documents, document: number, copy: number, chunks: number): void {
  const bytes = new Uint8Array(CHUNK);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, copy);
  view.setUint32(4, chunks);
  documents.set({ document, chunk: 0 }, { used: 8, bytes });
}

const copyNumber = (document: number, copy: number): number => document + COPY * (copy + 1);

export function readDocument(documents: Documents, name: DocumentName): string | undefined {
  const document = NUMBERS[name];
  const head = readHead(documents, document);
  if (!head) return undefined;
  const parts: Uint8Array[] = [];
  for (let chunk = 0; chunk < head.chunks; chunk++) {
    const part = documents.get({ document: copyNumber(document, head.copy), chunk });
    if (!part) throw damaged(name, `lacks chunk ${chunk}`);
    parts.push(part.bytes.subarray(0, part.used));
  }
  return inflate(name, Buffer.concat(parts));
}

function inflate(name: DocumentName, packed: Buffer): string {
  try {
    return inflateRawSync(packed, { maxOutputLength: TEXT_MAX }).toString('utf8');
  } catch (error) {
    throw damaged(name, 'is damaged', error);
  }
}

function damaged(name: DocumentName, how: string, cause?: unknown): XlvsError {
  return new XlvsError('missing', `document ${name} ${how}`, 'run `xlvs down`, then `xlvs up`', cause);
}

/** Writes beside the copy in force, then switches to it, then deletes the old one. */
export function writeDocument(documents: Documents, name: DocumentName, text: string): void {
  const document = NUMBERS[name];
  const old = readHead(documents, document);
  const copy = old?.copy === 0 ? 1 : 0;
  const packed = deflateRawSync(Buffer.from(text, 'utf8'));
  const chunks = Math.ceil(packed.length / CHUNK);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const part = packed.subarray(chunk * CHUNK, (chunk + 1) * CHUNK);
    const bytes = new Uint8Array(CHUNK);
    bytes.set(part);
    documents.set({ document: copyNumber(document, copy), chunk }, { used: part.length, bytes });
  }
  writeHead(documents, document, copy, chunks);
  for (let chunk = 0; old && chunk < old.chunks; chunk++) {
    documents.delete({ document: copyNumber(document, old.copy), chunk });
  }
}

/** For what must work on a router of any version. Throws XlvsError when there is none. */
export function withDocuments<T>(pins: string, use: (reader: Pick<DataPlane, 'readDocument'>) => T): T {
  const documents = openDocuments(pins);
  try {
    return use({ readDocument: (name) => readDocument(documents, name) });
  } finally {
    documents.map.close();
  }
}
