// `node_modules/.bin/node scripts/make-demo.ts`: writes demo/cluster.jsonl.gz, the recorded cluster that `npm start` and the documentation show, out of test/recordings.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const RECORDING = join(ROOT, 'test/recordings/v1.36/z-mixed-all-namespaces');
const NAMESPACES = ['shop', 'payments', 'batch-jobs'];
/** When the tearing down began. */
const END = '2026-11-23T16:29:50';

type Fields = Record<string, unknown>;

interface Line {
  readonly at: string;
  readonly watch: { readonly type: string; readonly object: Fields & { metadata: Fields } };
}

const lines = ['events-core-v1.jsonl.gz', 'objects.jsonl.gz']
  .flatMap((name) =>
    gunzipSync(readFileSync(join(RECORDING, name)))
      .toString('utf8')
      .trim()
      .split('\n'),
  )
  .map((text) => JSON.parse(text) as Line)
  .filter(({ at, watch: { object } }) => at < END && NAMESPACES.includes(String(object.metadata.namespace)))
  .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
  .map(({ at, watch }) => JSON.stringify({ at, watch: { type: watch.type, object: trim(watch.object) } }));
writeFileSync(join(ROOT, 'demo/cluster.jsonl.gz'), gzipSync(`${lines.join('\n')}\n`, { level: 9 }));
process.stderr.write(`demo/cluster.jsonl.gz: ${lines.length} lines\n`);

/** Without managedFields; of those of objects stays who wrote which part when. */
function trim(object: Line['watch']['object']): Fields {
  const { managedFields, ...metadata } = object.metadata;
  if (object.kind === 'Event' || !Array.isArray(managedFields)) return { ...object, metadata };
  return { ...object, metadata: { ...metadata, managedFields: managedFields.map(trimWriter) } };
}

function trimWriter(writer: Fields): Fields {
  const fields = Object.keys((writer.fieldsV1 ?? {}) as Fields).filter((field) => field !== 'f:metadata');
  return { ...writer, fieldsV1: Object.fromEntries(fields.map((field) => [field, {}])) };
}
