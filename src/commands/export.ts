import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { EventQuery } from '../events/query.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { type ExportCount, type ExportedRecord, exportRecord, startCount } from '../sources/export-record.ts';
import { openExported } from '../sources/open-exported.ts';
import { scopeNamespaces } from '../sources/scope-namespaces.ts';
import type { CommandModule } from './command.ts';
import type { Context } from './context.ts';
import { declareEventFilters, type EventFilterOptions, readEventFilters } from './event-filters.ts';
import { printNote, printText } from './print.ts';

export const command: CommandModule<EventFilterOptions> = {
  outputs: ['jsonl'],
  examples: [
    ['hark export record.jsonl.gz', 'all that the store holds, of all clusters and namespaces'],
    ['hark export -n shop --since 7d | gzip > shop.jsonl.gz', 'a part of it'],
    ['hark export --context prod prod.jsonl.gz', 'of one cluster'],
    ['hark export --from must-gather.tar.gz events.jsonl.gz', 'a dump, made small'],
  ],
  declare(parser) {
    parser.argument('[file]', 'where to; gzipped when it ends in .gz (default: standard output)');
    declareEventFilters(parser);
  },
  async run(context, call) {
    const filters = readEventFilters(call.options, call.now);
    const exported = await openExported(context, call.globals);
    try {
      const query: EventQuery = {
        ...filters,
        clusters: exported.clusters.map(({ uid }) => uid),
        ...scopeNamespaces(call.globals, undefined),
      };
      for (const note of exported.notes) await printNote(context, makeSafe(note));
      const count = startCount();
      const [file] = call.args;
      await write(exported, query, count, file, context);
      await tellCount(count, exported, file, context);
      return count.events + count.objects + count.changes === 0 ? EXIT.nothing : EXIT.done;
    } finally {
      await exported.reader.close();
    }
  },
};

async function write(
  record: ExportedRecord,
  query: EventQuery,
  count: ExportCount,
  file: string | undefined,
  context: Context,
): Promise<void> {
  const parts = exportRecord(record, query, count, context.signal);
  if (file === undefined || file === '-')
    for await (const part of parts) await printText(context.stdout, part);
  else await writeFile(resolve(context.cwd, file), parts, context.signal);
}

/** Writes beside the file and puts it in its place at the end, so that it is whole whenever it is there. */
async function writeFile(file: string, parts: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const partial = `${file}.partial`;
  const pack = file.endsWith('.gz') ? createGzip() : new PassThrough();
  try {
    await pipeline(Readable.from(parts), pack, createWriteStream(partial), { signal });
    await rename(partial, file);
  } catch (error) {
    await rm(partial, { force: true });
    throw signal.aborted ? signal.reason : explainFailure(file, error);
  }
}

function explainFailure(file: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  return new HarkError('unwritable-file', `cannot write the export to "${file}": ${error.message}`, {
    hint: 'Name another file, or write to standard output and redirect it.',
    cause: error,
  });
}

const NUMBER = new Intl.NumberFormat('en-US');

async function tellCount(
  { events, repeats, objects, changes }: ExportCount,
  { clusters }: ExportedRecord,
  file: string | undefined,
  context: Context,
): Promise<void> {
  const of =
    clusters.length === 1 ? `cluster ${JSON.stringify(clusters[0]?.name)}` : `${clusters.length} clusters`;
  const to = file === undefined || file === '-' ? '' : ` to ${file}`;
  const beside =
    objects + changes === 0 ? '' : `, ${NUMBER.format(objects)} objects, ${NUMBER.format(changes)} changes`;
  await printNote(
    context,
    makeSafe(
      `exported ${NUMBER.format(events)} Events, ${NUMBER.format(repeats)} repeats${beside} of ${of}${to}`,
    ),
  );
}
