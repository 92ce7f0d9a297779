import type { RecordedEvent } from '../events/event.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
import { type KubernetesObject, nameKey } from '../objects/object.ts';
import { compareStories, openStories, type Stories } from '../stories/open-stories.ts';
import type { Story } from '../stories/story.ts';

/** The stories of every cluster, told as the record grows. */
export interface ToldStories {
  addEvent(record: RecordedEvent): void;
  addObject(object: KubernetesObject): void;
  addChange(change: Change): void;
  /** Forgets everything, to be told anew. */
  clear(): void;
  /** Tells what was added; the stories that are new or different since, and the ids of those that are gone. */
  refresh(): { readonly told: readonly Story[]; readonly gone: readonly string[] };
  /** All stories, in the order they began. */
  all(): readonly Story[];
  get(id: string): Story | undefined;
  /** The stories that touch an object, by `nameKey`. */
  touching(object: string): Iterable<Story>;
  /** The stories of one cluster as they are kept, and until when its record goes. */
  ofCluster(uid: string): { readonly stories: Stories; readonly asOf: Micros } | undefined;
  clusters(): readonly string[];
}

/** @param nowOf until when the record of a cluster goes, given its latest happening */
export function createToldStories(nowOf: (cluster: string, latest: Micros) => Micros): ToldStories {
  const kept = new Map<string, Stories>();
  const told = new Map<string, Story>();
  const byObject = new Map<string, Set<Story>>();
  let sorted: readonly Story[] | undefined;

  function of(cluster: string): Stories {
    const known = kept.get(cluster) ?? openStories();
    kept.set(cluster, known);
    return known;
  }

  function remove(id: string): void {
    const story = told.get(id);
    if (story === undefined) return;
    told.delete(id);
    for (const key of keysOf(story)) {
      const there = byObject.get(key);
      there?.delete(story);
      if (there?.size === 0) byObject.delete(key);
    }
  }

  function put(story: Story): void {
    remove(story.id);
    told.set(story.id, story);
    for (const key of keysOf(story)) {
      const there = byObject.get(key);
      if (there === undefined) byObject.set(key, new Set([story]));
      else there.add(story);
    }
  }

  const asOf = (cluster: string, stories: Stories) => nowOf(cluster, stories.latest());

  return {
    addEvent: (record) => of(record.cluster).addEvent(record),
    addObject: (object) => of(object.cluster).addObject(object),
    addChange: (change) => of(change.object.cluster).addChange(change),
    clear() {
      kept.clear();
      told.clear();
      byObject.clear();
      sorted = undefined;
    },
    refresh() {
      const news = { told: [] as Story[], gone: [] as string[] };
      for (const [cluster, stories] of kept) {
        const changes = stories.tellChanges(asOf(cluster, stories));
        for (const id of changes.gone) remove(id);
        for (const story of changes.told) put(story);
        news.told.push(...changes.told);
        news.gone.push(...changes.gone);
      }
      if (news.told.length + news.gone.length > 0) sorted = undefined;
      return news;
    },
    all() {
      sorted ??= [...told.values()].sort(compareStories);
      return sorted;
    },
    get: (id) => told.get(id),
    touching: (object) => byObject.get(object) ?? [],
    ofCluster(uid) {
      const stories = kept.get(uid);
      return stories === undefined ? undefined : { stories, asOf: asOf(uid, stories) };
    },
    clusters: () => [...kept.keys()],
  };
}

function keysOf(story: Story): Set<string> {
  return new Set([story.object, ...story.objects].map(nameKey));
}
