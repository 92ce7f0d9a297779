import { type Channel, createChannel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import type { Change } from '../objects/change.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { ObjectList } from '../objects/object-list.ts';
import { type RawObject, textAt } from '../objects/raw-object.ts';
import { type ObjectTracker, trackObjects } from '../objects/track-objects.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { describeRefused } from './describe-refused.ts';
import { findObjectScopes, kindsOf } from './find-object-scopes.ts';
import { createOwnerFinder } from './find-owners.ts';
import { listPages } from './list-pages.ts';
import { apiVersionOf, createObjectResource, type ObjectScope } from './object-resource.ts';
import { type ChangesMode, mainKinds, resourceName } from './watched-kinds.ts';

export interface ReadObjectsOptions {
  /** UID of the cluster, for what is read to be told by. */
  readonly cluster: string;
  /** Namespaces to read; all when absent. Nodes are read all the same. */
  readonly namespaces?: readonly string[] | undefined;
  /** How much is read of each object; with `none`, nothing is. */
  readonly changes: ChangesMode;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told what may not be read, in one line. */
  readonly onNote?: (text: string) => void;
  /** Told of each kind, of a namespace or of all, that was read to the end. */
  readonly onList?: (list: ObjectList) => void;
}

/** An object as it is now, and what can be told from that of what happened to it. */
export interface SeenObject {
  readonly object: KubernetesObject;
  readonly changes: readonly Change[];
}

const PAGE = 500;
const AT_ONCE = 4;

/**
 * Reads the objects that a cluster holds now: the main kinds, and whatever owns them, to the top; what changed of a Deployment from revision to
 * revision comes with the Deployment, a second time. Pages come in no order as they arrive; no list is held.
 *
 * What may not be read is left out, and told once.
 *
 * @throws ApiFailure when the cluster does not answer, or not to us
 */
export async function* readClusterObjects(
  cluster: Cluster,
  options: ReadObjectsOptions,
): AsyncGenerator<readonly SeenObject[], void> {
  const { changes: form, clock, namespaces } = options;
  if (form === 'none') return;
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const asking = { cluster, clock, signal };
  const found = await findObjectScopes(asking, mainKinds(form), namespaces);
  const line = describeRefused(cluster.name, found);
  if (line !== '') options.onNote?.(line);
  const tried = new Set(kindsOf(found).map(({ group, kind }) => `${group}/${kind}`));
  const reading: Reading = {
    ...asking,
    channel: createChannel(),
    tracker: trackObjects(options.cluster),
    owners: createOwnerFinder(cluster, clock, ({ group, kind }) => tried.has(`${group}/${kind}`)),
    onNote: (text) => options.onNote?.(text),
    onList: (list) => options.onList?.(list),
  };
  const running = readAll(reading, [...found.scopes]).then(
    () => reading.channel.close(),
    (error) => reading.channel.close(error),
  );
  try {
    yield* reading.channel.values();
  } finally {
    stop.abort();
    reading.channel.close();
    await running;
  }
}

interface Reading {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly channel: Channel<readonly SeenObject[]>;
  readonly tracker: ObjectTracker;
  readonly owners: ReturnType<typeof createOwnerFinder>;
  readonly onNote: (text: string) => void;
  readonly onList: (list: ObjectList) => void;
}

async function readAll(reading: Reading, waiting: ObjectScope[]): Promise<void> {
  const runOne = async () => {
    for (let scope = waiting.shift(); scope !== undefined; scope = waiting.shift())
      await readScope(reading, scope);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runOne));
  for (const concluded of reading.tracker.conclude(reading.clock.now()))
    await reading.channel.put([concluded]);
  const refused = reading.owners.takeRefused();
  if (refused.length > 0)
    reading.onNote(`not allowed to read ${refused.join(', ')}: what these own is told without them`);
}

async function readScope(reading: Reading, scope: ObjectScope): Promise<void> {
  const { cluster, clock, signal } = reading;
  const resource = createObjectResource(scope);
  const pages = listPages(cluster, { place: resource, limit: PAGE, mayBeInconsistent: true, signal, clock });
  const at = clock.now();
  const uids: string[] = [];
  let broken = 0;
  try {
    for (;;) {
      const step = await pages.next();
      broken += step.done ? step.value.skipped : 0;
      if (step.done) break;
      const read = step.value.map((bytes) => readItem(bytes, (object) => resource.parse(object).trimmed));
      const objects = read.filter((object) => object !== undefined);
      broken += step.value.length - objects.length;
      for (const object of objects) uids.push(textAt(object, 'metadata', 'uid'));
      await putSeen(reading, objects);
    }
  } catch (error) {
    // Between the first look and now: what may not be read is left out.
    if (![403, 404].includes(statusOf(error))) throw error;
    reading.onNote((error as Error).message);
    return;
  }
  const { kind, namespace } = scope;
  if (broken === 0) reading.onList({ kind: kind.kind, apiVersion: apiVersionOf(scope), namespace, uids, at });
  else
    reading.onNote(
      `${broken} of the ${resourceName(scope.kind)} of cluster "${cluster.name}" cannot be read, and are left out`,
    );
}

async function putSeen(
  { tracker, clock, owners, signal, channel }: Reading,
  objects: readonly RawObject[],
): Promise<void> {
  const at = clock.now();
  const found = (await owners.find(objects, signal)).filter(({ gone }) => !gone);
  const all = [...objects, ...found.map(({ object }) => object)];
  const seen = all.flatMap((trimmed): SeenObject[] => {
    const { object, changes } = tracker.see(trimmed, at, true);
    return object === undefined ? [] : [{ object, changes }];
  });
  if (seen.length > 0) await channel.put(seen);
}

function readItem(bytes: Uint8Array, parse: (object: unknown) => RawObject): RawObject | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    return parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
