import type { CoverageStretch } from '../events/query.ts';
import { HarkError } from '../lib/errors.ts';
import type { ExportedRecord } from './export-record.ts';
import { loadFile, openInput } from './file-source.ts';
import { openRecord } from './open-record.ts';
import type { SourceContext, SourceOptions } from './open-source.ts';
import { requireOnePlace } from './require-one-place.ts';

/** What is to be exported, to be closed by who opened it, and what a person should know of it. */
export interface OpenedExport extends ExportedRecord {
  readonly notes: readonly string[];
}

/**
 * Opens what `hark export` writes: a file, with `--from`, else the store; with `--context`, only what it holds of the cluster last seen under that
 * name.
 *
 * @throws HarkError `store-missing`, `unknown-cluster`, and of the file or the store
 */
export async function openExported(context: SourceContext, options: SourceOptions): Promise<OpenedExport> {
  requireOnePlace(options);
  if (options.from !== undefined) {
    const { reader, objects, coverage, notes } = await loadFile(
      openInput(options.from, context),
      options.from,
      context.signal,
      { objects: true, lastStates: true },
    );
    return { reader, objects, clusters: await reader.readClusters(), coverage, notes };
  }
  const { store, file, trouble } = await openRecord(context, options.store);
  if (store === undefined) throw noStore(file, trouble);
  const held = await store.readClusters();
  const clusters = held.filter(
    ({ uid, name }) => options.context === undefined || [uid, name].includes(options.context),
  );
  if (clusters.length === 0 && options.context !== undefined) {
    await store.close();
    throw unknownCluster(
      options.context,
      held.map(({ name }) => name),
    );
  }
  const coverage: CoverageStretch[] = [];
  for (const { uid } of clusters) coverage.push(...(await store.readCoverage(uid)));
  return { reader: store, objects: store, clusters, coverage, notes: [] };
}

function noStore(file: string, trouble: string | undefined): HarkError {
  return new HarkError(
    'store-missing',
    trouble ?? `there is nothing to export: there is no store at "${file}"`,
    {
      hint: 'Fill one with hark listen or hark import FILE, name one with --store FILE, or export a file: --from FILE',
    },
  );
}

function unknownCluster(name: string, known: readonly string[]): HarkError {
  return new HarkError('unknown-cluster', `the store knows no cluster "${name}"`, {
    hint:
      known.length === 0
        ? 'It holds nothing at all.'
        : `It knows ${known.map((one) => JSON.stringify(one)).join(', ')}.`,
  });
}
