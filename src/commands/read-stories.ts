import type { ObjectReference, RecordedEvent } from '../events/event.ts';
import type { EventQuery } from '../events/query.ts';
import { EXIT, HarkError } from '../lib/errors.ts';
import { MINUTE, type Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import type { ObjectId } from '../objects/object.ts';
import { findMissing } from '../objects/object-list.ts';
import type { Source } from '../sources/source.ts';
import { openStories, type Stories } from '../stories/open-stories.ts';
import type { Story } from '../stories/story.ts';
import type { Call } from './command.ts';
import type { Context } from './context.ts';
import { printNote } from './print.ts';

/** Everything of the source's scope as stories. */
export interface ReadStories {
  readonly stories: Stories;
  /** The stories of the scope, in the order they began. */
  readonly told: readonly Story[];
  /** Until when the record goes: what counts as now. */
  readonly asOf: Micros;
}

/** Is handed what stories are made from, too. */
export interface Hear {
  addEvent(record: RecordedEvent): void;
  addChange(change: Change): void;
}

/** Events of Nodes live here, whatever the namespace of their Pods. */
const OF_NODES = 'default';

/**
 * Reads all Events of the source's scope, and those of its Nodes, and tells them as stories.
 *
 * @param hear is handed every Event and change as it is read
 */
export async function readStories(
  source: Source,
  call: Call,
  context: Context,
  hear?: Hear,
): Promise<ReadStories> {
  const own = openStories();
  const stories: Stories = hear === undefined ? own : hearAll(own, hear);
  const heardOf = new Map<string, ObjectId>();
  await addEvents(stories, source, source.scope, context, heardOf);
  await addObjects(stories, source, context, heardOf);
  const { namespaces } = source.scope;
  if (namespaces !== undefined && !namespaces.includes(OF_NODES)) await addNodes(stories, source, context);
  const asOf = await findNow(source, stories.latest(), call);
  const told = stories.tell(asOf).filter((story) => isOfScope(story, namespaces));
  return { stories, told, asOf };
}

/** Stories that hand on what is added to them. */
function hearAll(stories: Stories, hear: Hear): Stories {
  return {
    ...stories,
    addEvent(record) {
      stories.addEvent(record);
      hear.addEvent(record);
    },
    addChange(change) {
      stories.addChange(change);
      hear.addChange(change);
    },
  };
}

async function addEvents(
  stories: Stories,
  source: Source,
  query: EventQuery,
  context: Context,
  heardOf = new Map<string, ObjectId>(),
): Promise<void> {
  for await (const page of source.reader.readEvents(query, context.signal))
    for (const record of page) {
      stories.addEvent(record);
      const { involvedObject } = record.event;
      if (!heardOf.has(involvedObject.uid))
        heardOf.set(involvedObject.uid, { cluster: record.cluster, ...pickId(involvedObject) });
    }
}

function pickId({ apiVersion, kind, namespace, name, uid }: ObjectReference): Omit<ObjectId, 'cluster'> {
  return { apiVersion, kind, namespace, name, uid };
}

/** @param heardOf what Events spoke of, by uid; what is not there any more is told to be gone */
async function addObjects(
  stories: Stories,
  { objects, scope }: Source,
  context: Context,
  heardOf: Map<string, ObjectId>,
): Promise<void> {
  const { signal } = context;
  for await (const page of objects.readObjects(scope, signal))
    for (const object of page) {
      stories.addObject(object);
      if (object.deletedAt === undefined) heardOf.set(object.uid, object);
      else heardOf.delete(object.uid);
    }
  for await (const page of objects.readChanges(scope, signal)) page.forEach(stories.addChange);
  const lists = (await objects.readLists?.(scope, signal)) ?? [];
  findMissing(lists, heardOf).forEach(stories.addObject);
}

/** Who may not read them is told the rest. */
async function addNodes(stories: Stories, source: Source, context: Context): Promise<void> {
  try {
    await addEvents(stories, source, { ...source.scope, namespaces: [OF_NODES], kinds: ['Node'] }, context);
  } catch (error) {
    if (!(error instanceof HarkError) || error.exitCode !== EXIT.forbidden) throw error;
    await printNote(context, `Without the Events of Nodes: ${error.message}`);
  }
}

/** A Node's story is told where it tells of Pods of the namespaces asked for. */
function isOfScope({ objects }: Story, namespaces: readonly string[] | undefined): boolean {
  if (namespaces === undefined) return true;
  return objects.some(({ namespace }) => namespaces.includes(namespace || OF_NODES));
}

/** Of a cluster that answers, now; of a file, when it ends; of the record, until when somebody listened. */
async function findNow(
  { kind, reader, scope }: Source,
  latest: Micros,
  { now, globals }: Call,
): Promise<Micros> {
  if (kind === 'live' || globals.now !== undefined) return Math.max(latest, now);
  if (kind === 'file') return latest;
  const gaps = await reader.readGaps({ ...scope, since: latest, until: now });
  const last = gaps.at(-1);
  return last === undefined || now - last.to > MINUTE ? Math.max(latest, now) : Math.max(latest, last.from);
}
