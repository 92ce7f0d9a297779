import type { EventQuery } from '../events/query.ts';
import type { Micros } from '../lib/time.ts';
import { nameKey, type ObjectId } from '../objects/object.ts';
import { isInTime } from '../stories/match-story.ts';
import type { Story } from '../stories/story.ts';
import { barOfStep, stepsOf } from './timeline-bars.ts';

/**
 * The objects, by `nameKey`, of which a story or a step goes on in a window, whether or not anything happens meanwhile: who looks between two tries of
 * a container must see that it keeps failing. None, where a question is about what Events say.
 */
export function findLasting(
  stories: Iterable<Story>,
  query: EventQuery,
  { since, until }: { readonly since: Micros; readonly until: Micros },
): Set<string> {
  const lasting = new Set<string>();
  const { types, reasons, components, grep, text } = query;
  if ([types, reasons, components, grep, text].some((asked) => asked !== undefined)) return lasting;
  const isWanted = matchObject(query);
  for (const story of stories) {
    if (!isInTime(story, since, until)) continue;
    for (const { key, object, from, to } of stretchesOf(story))
      if (from < until && to >= since && !lasting.has(key) && isWanted(object)) lasting.add(key);
  }
  return lasting;
}

/** From when to when something of an object goes on; without end while it does. */
interface Stretch {
  readonly key: string;
  readonly object: ObjectId;
  readonly from: Micros;
  readonly to: Micros;
}

/** A story that changes is told as another one. */
const known = new WeakMap<Story, readonly Stretch[]>();

function stretchesOf(story: Story): readonly Stretch[] {
  const kept = known.get(story);
  if (kept !== undefined) return kept;
  const { object, from, endsAt = Number.POSITIVE_INFINITY } = story;
  const always = { since: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const stretches = [{ key: nameKey(object), object, from, to: endsAt }];
  for (const step of stepsOf(story))
    for (const bar of barOfStep(story, step, always))
      stretches.push({
        key: nameKey(step.object),
        object: step.object,
        from: bar.from,
        to: bar.to ?? Number.POSITIVE_INFINITY,
      });
  known.set(story, stretches);
  return stretches;
}

function matchObject({
  clusters,
  namespaces,
  kinds,
  for: wanted,
}: EventQuery): (object: ObjectId) => boolean {
  const lower = kinds?.map((kind) => kind.toLowerCase());
  return ({ cluster, namespace, kind, name }) =>
    (clusters?.includes(cluster) ?? true) &&
    (namespaces?.includes(namespace) ?? true) &&
    (lower?.includes(kind.toLowerCase()) ?? true) &&
    (wanted?.some(
      (each) =>
        (each.kind === '' || each.kind.toLowerCase() === kind.toLowerCase()) &&
        (each.name === '' || each.name === name),
    ) ??
      true);
}
