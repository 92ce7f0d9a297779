import type { Event } from '../events/event.ts';
import { findBuiltinKind } from '../events/kind-names.ts';
import type { EventQuery } from '../events/query.ts';
import { readDuration } from '../lib/parse-duration.ts';
import { MILLISECOND, type MicrosLength, SECOND } from '../lib/time.ts';
import { openRecord } from '../sources/open-record.ts';
import { openSource } from '../sources/open-source.ts';
import { findScope, listContexts, listNamespaces, listObjectNames } from './complete-from-cluster.ts';
import { readSourceOptions } from './complete-source-options.ts';
import type { Candidate, CompletionScope, ValueKind } from './complete-values.ts';
import { guessKind } from './kind-meanings.ts';

/** So many of the newest Events are looked through. */
const NEWEST = 2_000;

/** How long a person waits for the Tab key, unless the environment variable HARK_COMPLETION_TIMEOUT says another duration. */
const PATIENCE: MicrosLength = 2 * SECOND;

/**
 * Values that the cluster, the store or the file knows: contexts, namespaces, names, reasons, components.
 *
 * @throws whatever keeps the source from being read within the time a person waits
 */
export async function listSeenValues(
  kind: ValueKind,
  typed: string,
  scope: CompletionScope,
): Promise<Candidate[]> {
  const { env } = scope.context;
  const patience = readDuration(env.HARK_COMPLETION_TIMEOUT ?? '') ?? PATIENCE;
  const signal = AbortSignal.any([scope.context.signal, AbortSignal.timeout(patience / MILLISECOND)]);
  const waiting = { ...scope, context: { ...scope.context, signal } };
  if (kind === 'context') return toCandidates(await listContexts(waiting));
  if (kind === 'namespace') return toCandidates(await listSeenNamespaces(waiting));
  if (kind === 'object') return await listSeenObjects(typed, waiting);
  if (kind === 'reason') return toCandidates(await listFromEvents(waiting, {}, ({ reason }) => reason));
  if (kind !== 'component') return [];
  return toCandidates(
    await listFromEvents(waiting, {}, (event) => event.source.component || event.reportingController),
  );
}

async function listSeenNamespaces(scope: CompletionScope): Promise<string[]> {
  const living = readsLive(scope) ? await listNamespaces(scope) : undefined;
  if (living !== undefined) return living;
  const everywhere = { ...scope, flags: { ...scope.flags, allNamespaces: true } };
  return await listFromEvents(everywhere, {}, ({ namespace }) => namespace);
}

async function listSeenObjects(typed: string, scope: CompletionScope): Promise<Candidate[]> {
  const kind = typed.split('/')[0] ?? '';
  const builtin = findBuiltinKind(kind);
  const living =
    readsLive(scope) && builtin !== undefined ? await listObjectNames(builtin, scope) : undefined;
  const everywhere = builtin?.namespaced === false ? { allNamespaces: true } : {};
  const names =
    (living === undefined
      ? undefined
      : [...living, ...(await listRecordedNames(kind, builtin?.namespaced !== false, scope))]) ??
    (await listFromEvents(
      { ...scope, flags: { ...scope.flags, ...everywhere } },
      { kinds: guessKind(kind).kinds },
      ({ involvedObject }) => involvedObject.name,
    ));
  return toCandidates([...new Set(names)].map((name) => `${kind}/${name}`));
}

/** Names of a kind that the store has of the living cluster: what is gone has a history too. */
async function listRecordedNames(
  kind: string,
  isNamespaced: boolean,
  scope: CompletionScope,
): Promise<string[]> {
  const options = readSourceOptions(scope);
  const [record, found] = [await openRecord(scope.context, options.store), await findScope(scope)];
  if (record.store === undefined) return [];
  try {
    const held = await record.store.readClusters();
    const clusters = held.filter(({ name }) => name === found?.cluster).map(({ uid }) => uid);
    const isEverywhere = options.allNamespaces || !isNamespaced || found === undefined;
    const query: EventQuery = {
      clusters,
      kinds: guessKind(kind).kinds,
      limit: NEWEST,
      ...(isEverywhere ? {} : { namespaces: [found.namespace] }),
    };
    const names = new Set<string>();
    for await (const page of record.store.readEvents(query, scope.context.signal))
      for (const { event } of page) names.add(event.involvedObject.name);
    return [...names].sort();
  } finally {
    await record.store.close();
  }
}

function readsLive({ flags }: CompletionScope): boolean {
  return flags.from === undefined;
}

/** Distinct texts of the newest Events. */
async function listFromEvents(
  scope: CompletionScope,
  query: EventQuery,
  read: (event: Event) => string,
): Promise<string[]> {
  const { context } = scope;
  const source = await openSource(context, readSourceOptions(scope));
  const seen = new Set<string>();
  try {
    const newest = { ...query, ...source.scope, limit: NEWEST };
    for await (const page of source.reader.readEvents(newest, context.signal)) {
      for (const { event } of page) seen.add(read(event));
    }
  } finally {
    await source.reader.close();
  }
  return [...seen].sort();
}

function toCandidates(values: readonly string[]): Candidate[] {
  return values.filter((value) => value !== '').map((value) => ({ value, description: '' }));
}
