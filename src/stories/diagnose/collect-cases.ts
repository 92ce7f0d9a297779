import type { Micros } from '../../lib/time.ts';
import type { ObjectId } from '../object.ts';
import type { Step, Story, Trouble } from '../story.ts';

/** One trouble in its story. */
export interface Case {
  readonly story: Story;
  readonly trouble: Trouble;
}

/** How far back something that mended itself is worth telling. */
const LATELY: Micros = 3_600_000_000;

/** The troubles that count: those that last, and those that ended well lately. */
export function collectCases(
  stories: readonly Story[],
  asOf: Micros,
): { readonly open: Case[]; readonly healed: Case[] } {
  const [open, healed] = [[] as Case[], [] as Case[]];
  const latestRuns = findLatestRuns(stories);
  for (const story of stories) {
    const isOver = story.kind === 'run' && !latestRuns.has(story.id);
    for (const trouble of story.troubles) {
      if (trouble.severity !== 'error' && trouble.severity !== 'warning') continue;
      if (trouble.endedAt === undefined && !isOver) open.push({ story, trouble });
      if (trouble.ended === 'healed' && story.kind !== 'run' && asOf - (trouble.endedAt ?? 0) < LATELY)
        healed.push({ story, trouble });
    }
  }
  return { open, healed };
}

/** Of the runs of one CronJob only the latest tells how it is; a Job that nothing repeats counts by itself. */
function findLatestRuns(stories: readonly Story[]): ReadonlySet<string> {
  const latest = new Map<string, Story>();
  for (const story of stories) {
    if (story.kind !== 'run') continue;
    const key = repeaterOf(story);
    const known = latest.get(key);
    const isDecided = story.outcome === 'succeeded' || story.outcome === 'failed';
    if (known === undefined || (isDecided && story.from > known.from)) latest.set(key, story);
  }
  return new Set([...latest.values()].map((story) => story.id));
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
    const decided = all
      .filter((story) => story.outcome === 'succeeded' || story.outcome === 'failed')
      .sort((a, b) => b.from - a.from);
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

export function* walkSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walkSteps(step.steps);
  }
}
