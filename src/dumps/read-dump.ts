import { stat } from 'node:fs/promises';
import { type CollectOptions, collectValues } from './collect-values.ts';
import { decodeUtf16, decompress } from './decode-bytes.ts';
import { detectFormat, HEAD_LENGTH, mentionsEvents, mentionsObjects } from './detect-format.ts';
import type { DumpBatch, DumpSummary } from './dump.ts';
import { cannotOpen, unknownFormat, wordFileError } from './dump-failures.ts';
import { peekBytes } from './peek-bytes.ts';
import { readJson } from './read-json.ts';
import { readTar } from './read-tar.ts';
import { readYaml } from './read-yaml.ts';
import { isFileError, readFileBytes, walkDirectory } from './walk-directory.ts';

/** Archives within archives are read to this depth. */
const DEEPEST = 6;

/** Where a dump is: a file or directory, or bytes that come in (`path` is then only their name). */
export interface DumpInput {
  readonly path: string;
  readonly bytes?: AsyncIterable<Uint8Array>;
}

export interface ReadDumpOptions extends CollectOptions {
  /** Filled while the dump is read. */
  readonly summary: DumpSummary;
  readonly signal?: AbortSignal;
  /** Whether nothing is wanted but what the dump tells of its clusters; Events then need not all be read. */
  readonly clustersOnly?: boolean;
}

interface Content {
  readonly path: string;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** How many archives and compressions it lies in. */
  readonly depth: number;
  /** Whether nobody named this file: it lies in a directory or an archive. */
  readonly found: boolean;
}

/**
 * Reads every Event of a dump, whatever its format, which is told by its content: JSON or YAML of kubectl or the API server, a stream of a
 * watch, `kubectl cluster-info dump`, a must-gather, a support bundle or any other directory or tar archive that holds such files, a Hark
 * export or recording; each gzipped or not. Memory stays flat: no file and no list is ever held whole.
 *
 * What cannot be read is skipped, counted and told in the summary; in a directory or archive, files of other things are skipped quietly.
 *
 * @throws HarkError `no-such-file`, `unreadable-file` when the input itself cannot be opened, `unknown-format` when it is one file of none of these formats,
 *   `export-newer`
 */
export async function* readDump(input: DumpInput, options: ReadDumpOptions): AsyncGenerator<DumpBatch> {
  if (input.bytes !== undefined)
    return yield* readContent({ path: '', chunks: input.bytes, depth: 0, found: false }, options, input.path);
  if (await isDirectory(input.path)) yield* readDirectory(input.path, options);
  else
    yield* readContent(
      { path: '', chunks: readFileBytes(input.path), depth: 0, found: false },
      options,
      input.path,
    );
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    throw cannotOpen(path, error);
  }
}

async function* readDirectory(directory: string, options: ReadDumpOptions): AsyncGenerator<DumpBatch> {
  const { summary } = options;
  const files = walkDirectory(directory, (path, error) => noteUnopened(summary, path || directory, error));
  for await (const { path, open } of files)
    yield* readContent({ path, chunks: open(), depth: 0, found: true }, options, path);
}

async function* readContent(
  content: Content,
  options: ReadDumpOptions,
  name: string,
): AsyncGenerator<DumpBatch> {
  const { signal, summary } = options;
  try {
    const { head, chunks } = await peekBytes(untilAborted(content.chunks, signal), HEAD_LENGTH);
    yield* readPeeked({ ...content, chunks }, head, options, name);
  } catch (error) {
    if (!isFileError(error)) throw error;
    if (!content.found) throw cannotOpen(name, error);
    noteUnopened(summary, name, error);
  }
}

async function* readPeeked(
  content: Content,
  head: Uint8Array,
  options: ReadDumpOptions,
  name: string,
): AsyncGenerator<DumpBatch> {
  const { summary } = options;
  const format = detectFormat(head);
  const before = summary.sightings;
  const onCut = () => {
    if (!content.found || summary.sightings > before) summary.cut.add(content.path);
  };
  const inner = (chunks: AsyncIterable<Uint8Array>) =>
    readContent({ ...content, chunks, depth: content.depth + 1 }, options, name);
  const tooDeep = content.depth >= DEEPEST;
  switch (format.type) {
    case 'utf-16le':
    case 'utf-16be':
      return yield* inner(decodeUtf16(content.chunks, format.type));
    case 'gzip':
    case 'zstd':
      if (!tooDeep) return yield* inner(decompress(content.chunks, format.type, onCut));
      break;
    case 'tar':
      if (!tooDeep) return yield* readArchive(content, options, onCut);
      break;
    case 'json':
    case 'yaml':
      if (!content.found || mentionsObjects(head))
        return yield* readValues(content, format.type, options, !mentionsEvents(head));
  }
  summary.files += 1;
  if (!content.found) throw unknownFormat(name, format, summary.cut.size > 0);
  if (format.type === 'refused') summary.refused.push(`${JSON.stringify(name)}: it is ${format.what}`);
}

async function* readArchive(
  content: Content,
  options: ReadDumpOptions,
  onCut: () => void,
): AsyncGenerator<DumpBatch> {
  const depth = content.depth + 1;
  for await (const { path, chunks } of readTar(content.chunks, onCut)) {
    const full = content.path === '' ? path : `${content.path}/${path}`;
    yield* readContent({ path: full, chunks, depth, found: true }, options, full);
  }
}

async function* readValues(
  content: Content,
  format: 'json' | 'yaml',
  options: ReadDumpOptions,
  isUnlikely: boolean,
): AsyncGenerator<DumpBatch> {
  const { summary } = options;
  const { found } = content;
  summary.files += 1;
  const collector = collectValues(content.path, summary, { ...options, lenient: found && isUnlikely });
  const read = format === 'json' ? readJson : readYaml;
  const steps = read(content.chunks, collector, {
    skim:
      options.clustersOnly === true ? 'clusters' : found && options.objects !== true ? 'events' : 'nothing',
    onTextLines: (lines) => {
      if (!found) summary.textLines += lines;
    },
  });
  for await (const _ of steps) yield* collector.drain();
}

async function* untilAborted(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

function noteUnopened(summary: DumpSummary, name: string, error: unknown): void {
  summary.unopened.push(`${JSON.stringify(name)}: ${wordFileError(error)}`);
}
