import { nameKey } from '../objects/object.ts';
import { compareStories } from '../stories/open-stories.ts';
import type { Story } from '../stories/story.ts';
import type { SpanLink } from './span.ts';
import { rootIdOf, traceIdOf } from './span-ids.ts';

/** How one story has to do with another: `hark.link` of the link from the later to the earlier. */
type Relation = 'caused-by' | 'previous-run';

/**
 * Links between stories that have to do with each other, by the id of the story they start from.
 * - What befell a workload while the Node of one of its Pods was in trouble, and that trouble: `caused-by`, and `causes` back.
 * - What another object's change began (its namespace was deleted), and that object's story: the same.
 * - A run of a CronJob and the run before it: `previous-run`, and `next-run` back.
 *
 * @param stories all that are known, in the order they began
 */
export function linkStories(stories: readonly Story[]): ReadonlyMap<string, readonly SpanLink[]> {
  const links = new Map<string, SpanLink[]>();
  const link = (from: Story, to: Story, relation: string) => {
    const known = links.get(from.id);
    if (known === undefined) links.set(from.id, [linkTo(to, relation)]);
    else known.push(linkTo(to, relation));
  };
  const relate = (later: Story, earlier: Story, relation: Relation) => {
    link(later, earlier, relation);
    link(earlier, later, relation === 'caused-by' ? 'causes' : 'next-run');
  };
  const byObject = Map.groupBy(stories, ({ object }) => nameKey(object));
  for (const [later, node] of pairWithNodes(stories, byObject)) relate(later, node, 'caused-by');
  for (const story of stories) {
    const cause = beginningOf(story, byObject);
    if (cause !== undefined) relate(story, cause, 'caused-by');
  }
  for (const [run, previous] of pairRuns(stories)) relate(run, previous, 'previous-run');
  return links;
}

function linkTo(story: Story, relation: string): SpanLink {
  return {
    traceId: traceIdOf(story),
    spanId: rootIdOf(story),
    attributes: { 'hark.link': relation, 'hark.story.title': story.title },
  };
}

/** What nobody began that befell workloads while a Node was in trouble which tells of one of their Pods. */
function* pairWithNodes(
  stories: readonly Story[],
  byObject: ReadonlyMap<string, readonly Story[]>,
): Generator<readonly [Story, Story]> {
  const troubled = stories.filter(({ object, kind }) => object.kind === 'Node' && kind === 'incident');
  if (troubled.length === 0) return;
  const workloads = workloadsOf(new Set(troubled.flatMap(podsOf)), stories);
  for (const node of troubled) {
    const befallen = new Set(podsOf(node).flatMap((pod) => [...(workloads.get(pod) ?? [])]));
    const told = [...befallen].flatMap((key) => byObject.get(key) ?? []);
    for (const story of told.sort(compareStories))
      if (story.root === undefined && isDuring(story, node)) yield [story, node];
  }
}

/** Whose Pods they are, by Pod: what tells of it. */
function workloadsOf(
  pods: ReadonlySet<string>,
  stories: readonly Story[],
): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  if (pods.size === 0) return found;
  for (const story of stories) {
    if (story.object.kind === 'Node') continue;
    for (const pod of podsOf(story)) {
      if (!pods.has(pod)) continue;
      const known = found.get(pod);
      if (known === undefined) found.set(pod, new Set([nameKey(story.object)]));
      else known.add(nameKey(story.object));
    }
  }
  return found;
}

function podsOf({ objects }: Story): string[] {
  return objects.filter(({ kind }) => kind === 'Pod').map(nameKey);
}

function isDuring(story: Story, node: Story): boolean {
  return story.from >= node.from && story.from <= (node.endsAt ?? Number.POSITIVE_INFINITY);
}

/** The story of the object whose change began this one, where that is another object. */
function beginningOf(
  { root, object }: Story,
  byObject: ReadonlyMap<string, readonly Story[]>,
): Story | undefined {
  if (root === undefined || nameKey(root.object) === nameKey(object)) return undefined;
  const told = byObject.get(nameKey(root.object)) ?? [];
  return told.findLast((story) => story.from <= root.at);
}

/** Runs of the same CronJob, each with the one before it. */
function* pairRuns(stories: readonly Story[]): Generator<readonly [Story, Story]> {
  const latest = new Map<string, Story>();
  for (const story of stories) {
    if (story.kind !== 'run' || story.owner === undefined) continue;
    const previous = latest.get(nameKey(story.owner));
    if (previous !== undefined) yield [story, previous];
    latest.set(nameKey(story.owner), story);
  }
}
