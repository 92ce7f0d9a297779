import type { RecordedEvent } from '../events/event.ts';
import { idOf } from '../follow/change-reader.ts';
import type { Served } from './served.ts';

/** The Event of an id, with all its repeats; undefined when the record has none. */
export async function findEvent(
  { store, model }: Pick<Served, 'store' | 'model'>,
  id: string,
  signal: AbortSignal,
): Promise<RecordedEvent | undefined> {
  const { index } = model;
  if (index.find(id) === undefined) await model.loaded;
  const entry = index.find(id);
  if (entry === undefined) return undefined;
  const { cluster, namespace } = index.spaces.get(index.space.get(entry));
  const about = index.objects[index.object.get(entry)]?.home.id;
  if (about === undefined) return undefined;
  const { kind, name } = about;
  const query = { clusters: [cluster], namespaces: [namespace], for: [{ kind, name }] };
  for await (const page of store.readEvents(query, signal)) {
    const found = page.find((record) => idOf(record) === id);
    if (found !== undefined) return found;
  }
  return undefined;
}
