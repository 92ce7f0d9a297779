import type { ClusterInfo, CoverageStretch } from '../events/query.ts';
import {
  apiVersionOf,
  keepsLastStates,
  type ObjectItem,
  type ObjectScope,
  pathOf,
} from '../kube/object-resource.ts';
import type { WatchItem } from '../kube/watch-item.ts';
import { MILLISECOND, type Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import { type LastState, trimLastState } from '../objects/last-state.ts';
import type { KubernetesObject } from '../objects/object.ts';
import type { ObjectList } from '../objects/object-list.ts';
import { textAt } from '../objects/raw-object.ts';
import { REVISION_KINDS } from '../objects/read-revisions.ts';
import { trackObjects } from '../objects/track-objects.ts';
import { batchItems, openList } from './batch-items.ts';
import type { ObjectFeed } from './feed.ts';
import type { RecordingOptions } from './record-cluster.ts';

/** What one kind's watch told, item by item. */
interface ObjectStep {
  readonly scope: ObjectScope | undefined;
  readonly item: WatchItem<ObjectItem>;
}

/** Objects take more memory than Events, and nobody waits for them by the second. */
const BATCH_LIMITS = { count: 200, delay: 500 * MILLISECOND };

/**
 * Stores the objects of one cluster and what changes of them, until the signal aborts. Of each object's state as much is held, packed, as tells what
 * changed with the next; a state in which nothing changed is not stored.
 *
 * @param feed the cluster's name, and its watch of objects
 * @returns `rebuilt` when another cluster, or an older state of this one, answers now
 * @throws Error when the store takes nothing more
 */
export async function recordObjects(
  feed: { readonly name: string; readonly watchObjects: ObjectFeed },
  cluster: ClusterInfo,
  options: Pick<RecordingOptions, 'store' | 'writer' | 'clock' | 'signal' | 'report'>,
): Promise<'stopped' | 'rebuilt'> {
  const { writer, clock, signal, report, store } = options;
  const reader = readSteps(cluster.uid, await store.readCoverage(cluster.uid));
  const steps = splitGroups(feed.watchObjects(signal));
  for await (const batch of batchItems(steps, openList<ObjectStep>, BATCH_LIMITS, clock)) {
    const read = reader.read(batch);
    const { objects, changes, objectLists } = read;
    if (objects.length + changes.length + objectLists.length > 0) {
      const result = await writer.write(() => store.write({ cluster, sightings: [], ...read }));
      report({ type: 'objects', feed: feed.name, objects: result.objects, changes: result.changes });
    }
    for (const { item } of batch) {
      if (item.type !== 'notice') continue;
      const { level, text } = item;
      report({ type: 'notice', feed: feed.name, level, code: 'objects', text });
    }
    if (batch.some(({ item }) => item.type === 'gap' && item.reason === 'rebuilt')) return 'rebuilt';
  }
  return 'stopped';
}

async function* splitGroups(groups: ReturnType<ObjectFeed>): AsyncGenerator<ObjectStep[]> {
  for await (const { scope, items } of groups) yield items.map((item) => ({ scope, item }));
}

/** A list under way. */
interface Listing {
  readonly scope: ObjectScope;
  readonly at: Micros;
  readonly uids: Set<string>;
}

interface ReadBatch {
  readonly objects: KubernetesObject[];
  readonly changes: Change[];
  readonly objectLists: ObjectList[];
  /** Of those that are gone. */
  readonly lastStates: LastState[];
}

function readSteps(cluster: string, covered: readonly CoverageStretch[]) {
  const tracker = trackObjects(cluster);
  const listings = new Map<string, Listing>();

  function readStep({ scope, item }: ObjectStep, found: ReadBatch): void {
    const path = scope === undefined ? '' : pathOf(scope);
    if (scope !== undefined && item.type === 'listing')
      listings.set(path, { scope, at: item.at, uids: new Set() });
    if (scope !== undefined && item.type === 'synced') endList(path, item.at, found);
    if (!('object' in item)) return;
    if (item.type === 'listed') listings.get(path)?.uids.add(textAt(item.object, 'metadata', 'uid'));
    const see = item.type === 'deleted' ? tracker.end : tracker.see;
    const { object, changes } = see(item.object, item.at, item.type === 'listed');
    if (object !== undefined) found.objects.push(object);
    found.changes.push(...changes);
    if (item.last !== undefined) found.lastStates.push({ cluster, object: item.last });
  }

  function endList(path: string, at: Micros, found: ReadBatch): void {
    const listing = listings.get(path);
    listings.delete(path);
    if (listing === undefined) return;
    const { kind, namespace } = listing.scope;
    const apiVersion = apiVersionOf(listing.scope);
    const gone = tracker.keepOnly(kind.kind, apiVersion, namespace, listing.uids);
    if (keepsLastStates(kind))
      found.lastStates.push(...gone.map((object) => ({ cluster, object: trimLastState(object) })));
    found.objectLists.push({
      kind: kind.kind,
      apiVersion,
      namespace,
      uids: [...listing.uids],
      at: listing.at,
    });
    if (
      !ROLLED_OUT.has(kind.kind) ||
      [...listings.values()].some(({ scope }) => ROLLED_OUT.has(scope.kind.kind))
    )
      return;
    for (const { changes } of tracker.conclude(at))
      found.changes.push(...changes.filter((change) => !wasHeard(change, covered)));
  }

  return {
    read(batch: readonly ObjectStep[]): ReadBatch {
      const found: ReadBatch = { objects: [], changes: [], objectLists: [], lastStates: [] };
      for (const step of batch) readStep(step, found);
      return found;
    },
  };
}

/** What must have been listed before it is concluded what changed from revision to revision. */
const ROLLED_OUT: ReadonlySet<string> = new Set([...REVISION_KINDS].flat());

/** Whether we listened when it happened, and so know more of it: of a change whose author is not known nothing else tells that it is the same. */
function wasHeard(change: Change, covered: readonly CoverageStretch[]): boolean {
  const isNameless = change.type === 'spec-changed' && change.manager === '';
  return isNameless && covered.some(({ from, to }) => change.at >= from && change.at <= to);
}
