import { matchQuery } from '../events/matches-query.ts';
import type { EventQuery } from '../events/query.ts';
import { idOf } from '../follow/change-reader.ts';
import type { RecordReader } from '../objects/object-query.ts';
import type { EventIndex } from './event-index.ts';

/** Whether an entry of the index is asked for: all conditions of the query but its times and its limit. */
export type EntryFilter = (entry: number) => boolean;

/** What is given where nothing is left out. */
export const everything: EntryFilter = () => true;

/**
 * Reads a query once for many entries. What is asked of messages is asked of the store, in the query's time.
 *
 * @throws HarkError of the store
 */
export async function filterEntries(
  index: EventIndex,
  query: EventQuery,
  store: Pick<RecordReader, 'readEvents'>,
  signal: AbortSignal,
): Promise<EntryFilter> {
  const voices = allowVoices(index, query);
  const spaces = allowSpaces(index, query);
  const objects = allowObjects(index, query);
  const said = await findSaid(index, query, store, signal);
  const isAll = !voices.includes(0) && !spaces.includes(0);
  if (isAll && objects === undefined && said === undefined) return everything;
  const [voice, space, object] = [index.voice.values(), index.space.values(), index.object.values()];
  return (entry) =>
    voices[voice[entry] ?? 0] === 1 &&
    spaces[space[entry] ?? 0] === 1 &&
    (objects === undefined || objects[object[entry] ?? 0] === 1) &&
    (said === undefined || said.has(entry));
}

function allowVoices({ voices }: EventIndex, { types, reasons, components }: EventQuery): Uint8Array {
  const lower = types?.map((type) => type.toLowerCase());
  return Uint8Array.from(voices.items, ({ type, reason, component, controller }) =>
    Number(
      (lower?.includes(type.toLowerCase()) ?? true) &&
        (reasons?.includes(reason) ?? true) &&
        (components === undefined || components.includes(component) || components.includes(controller)),
    ),
  );
}

function allowSpaces({ spaces }: EventIndex, { clusters, namespaces }: EventQuery): Uint8Array {
  return Uint8Array.from(spaces.items, ({ cluster, namespace }) =>
    Number((clusters?.includes(cluster) ?? true) && (namespaces?.includes(namespace) ?? true)),
  );
}

function allowObjects({ objects }: EventIndex, query: EventQuery): Uint8Array | undefined {
  if (query.kinds === undefined && query.for === undefined) return undefined;
  const kinds = query.kinds?.map((kind) => kind.toLowerCase());
  const wanted = query.for?.map(({ kind, name }) => ({ kind: kind.toLowerCase(), name }));
  return Uint8Array.from(objects, ({ home }) => {
    const { id: object } = home;
    const ofKind = object.kind.toLowerCase();
    const isWanted =
      wanted?.some(
        ({ kind, name }) => (kind === '' || kind === ofKind) && (name === '' || name === object.name),
      ) ?? true;
    return Number(isWanted && (kinds?.includes(ofKind) ?? true));
  });
}

async function findSaid(
  index: EventIndex,
  query: EventQuery,
  store: Pick<RecordReader, 'readEvents'>,
  signal: AbortSignal,
): Promise<ReadonlySet<number> | undefined> {
  if (query.grep === undefined && query.text === undefined) return undefined;
  const { limit: _, ...unlimited } = query;
  const matches = matchQuery(unlimited);
  const said = new Set<number>();
  for await (const page of store.readEvents(unlimited, signal))
    for (const record of page) {
      const entry = matches(record) ? index.find(idOf(record)) : undefined;
      if (entry !== undefined) said.add(entry);
    }
  return said;
}
