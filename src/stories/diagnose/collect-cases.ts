import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../../objects/object.ts';
import type { Story, Trouble } from '../story.ts';
import { isForcedEnd, isMadeUpFor } from '../tell/forced-ends.ts';

/** One trouble in its story. */
export interface Case {
  readonly story: Story;
  readonly trouble: Trouble;
}

/** How far back something that is well again is worth telling. */
const LATELY: Micros = 3_600_000_000;

export interface Cases {
  /** Troubles that last. Of a run that failed also what its Pods came to, which are gone by then. */
  readonly open: readonly Case[];
  /** Troubles that ended lately, well or with their object. */
  readonly ended: readonly Case[];
}

/** The troubles that count for what is wrong now, and for what was lately. */
export function collectCases(stories: readonly Story[], asOf: Micros): Cases {
  const [open, ended] = [[] as Case[], [] as Case[]];
  const latestRuns = findLatestRuns(stories);
  for (const story of stories) {
    const isRun = story.kind === 'run';
    if (isRun && !latestRuns.has(story.id)) continue;
    const isFailedRun = isRun && story.outcome === 'failed' && isStillThere(story);
    const isLost = (trouble: Trouble) =>
      isForcedEnd(trouble) && !isRun && isNotMadeUpFor(story, trouble, asOf);
    for (const trouble of story.troubles) {
      if (trouble.severity !== 'error' && trouble.severity !== 'warning') continue;
      if (trouble.endedAt === undefined || (isFailedRun && trouble.ended === 'gone') || isLost(trouble))
        open.push({ story, trouble });
      else if (!isRun && asOf - trouble.endedAt < LATELY) ended.push({ story, trouble });
    }
  }
  return { open, ended };
}

/** Whether a Pod was ended lately and nothing was started in its place since. */
function isNotMadeUpFor({ steps, root }: Story, trouble: Trouble, asOf: Micros): boolean {
  if (asOf - trouble.firstAt >= LATELY || root?.reason === 'deleted' || root?.reason === 'deleting')
    return false;
  return !isMadeUpFor(trouble, steps);
}

/** A failed Job that was deleted is no matter any more; of a CronJob's run the next one decides that, as long as there is to be one. */
function isStillThere({ owner, ownerGone, troubles }: Story): boolean {
  return (
    (owner !== undefined && !ownerGone) ||
    troubles.some((trouble) => trouble.object.kind === 'Job' && trouble.endedAt === undefined)
  );
}

/** Of the runs of one CronJob only the latest tells how it is; a Job that nothing repeats counts by itself. */
function findLatestRuns(stories: readonly Story[]): ReadonlySet<string> {
  const latest = new Map<string, Story>();
  for (const story of stories) {
    if (story.kind !== 'run') continue;
    const key = repeaterOf(story);
    const known = latest.get(key);
    if (known === undefined || isCloserToNow(story, known)) latest.set(key, story);
  }
  return new Set([...latest.values()].map((story) => story.id));
}

/** A later run tells more than an earlier one, but only once it is decided. */
function isCloserToNow(story: Story, known: Story): boolean {
  if (isDecided(story) !== isDecided(known)) return isDecided(story);
  return story.from > known.from;
}

function isDecided(story: Story): boolean {
  return story.outcome === 'succeeded' || story.outcome === 'failed';
}

/** The runs that failed in a row until now. */
export interface FailedRuns {
  readonly count: number;
  readonly since: Micros;
}

/** How many runs in a row failed until now, and since when, by what repeats them. */
export function countFailedRuns(stories: readonly Story[]): ReadonlyMap<string, FailedRuns> {
  const runs = Map.groupBy(
    stories.filter((story) => story.kind === 'run'),
    repeaterOf,
  );
  const failed = new Map<string, FailedRuns>();
  for (const [repeater, all] of runs) {
    const decided = all.filter(isDecided).sort((a, b) => b.from - a.from);
    const firstGood = decided.findIndex((story) => story.outcome === 'succeeded');
    const inARow = firstGood < 0 ? decided : decided.slice(0, firstGood);
    const earliest = inARow.at(-1);
    if (earliest !== undefined)
      failed.set(repeater, { count: inARow.length, since: earliest.troubles[0]?.firstAt ?? earliest.from });
  }
  return failed;
}

/** What repeats a run: its CronJob, else the Job itself. */
export function repeaterOf(story: Story): string {
  const { cluster, kind, namespace, name } = repeaterObject(story);
  return `${cluster}/${kind}/${namespace}/${name}`;
}

export function repeaterObject(story: Story): ObjectId {
  return story.owner?.kind === 'CronJob' ? story.owner : story.object;
}
