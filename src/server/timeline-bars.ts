import type { ToldStories } from '../follow/told-stories.ts';
import type { Micros } from '../lib/time.ts';
import { nameKey } from '../objects/object.ts';
import { isInTime } from '../stories/match-story.ts';
import type { Outcome, Severity, Step, Story } from '../stories/story.ts';

/** A story or a step that lasts: drawn with its real length. */
export interface TimelineBar {
  readonly kind: 'story' | 'step';
  readonly story: string;
  readonly step: string | null;
  readonly from: Micros;
  /** Null while it goes on. */
  readonly to: Micros | null;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly label: string;
}

/** A change of an object: marked apart from Events. */
export interface TimelineChange {
  readonly story: string;
  readonly step: string;
  readonly at: Micros;
  readonly says: string;
  readonly by: string;
}

export interface RowStories {
  readonly bars: readonly TimelineBar[];
  /** Bars beyond the limit. */
  readonly moreBars: number;
  readonly changes: readonly TimelineChange[];
  readonly moreChanges: number;
}

/**
 * What the stories tell of one row in a window: the stories that are about its object, the steps of the object itself that last, and the
 * changes. When there are more than `most` bars, those that failed stay, then the longest.
 *
 * @param object the row's object, by `nameKey`
 * @param isCollapsed whether the row stands for those below it too: then their changes are marked on it
 */
export function readRowStories(
  stories: ToldStories,
  object: string,
  window: { readonly since: Micros; readonly until: Micros },
  isCollapsed: boolean,
  most: number,
): RowStories {
  const bars: TimelineBar[] = [];
  const changes: TimelineChange[] = [];
  for (const story of stories.touching(object)) {
    if (!isInTime(story, window.since, window.until)) continue;
    const isAbout = nameKey(story.object) === object;
    if (isAbout) bars.push(barOfStory(story));
    for (const step of stepsOf(story)) {
      const isOwn = nameKey(step.object) === object;
      if (isOwn) bars.push(...barOfStep(story, step, window));
      if (step.source === 'change' && (isOwn || (isAbout && isCollapsed)) && isIn(step.at, window))
        changes.push({ story: story.id, step: step.id, at: step.at, says: step.says, by: step.by });
    }
  }
  changes.sort((a, b) => a.at - b.at);
  const kept = bars.length <= most ? bars : bars.sort(compareWorth).slice(0, most);
  return {
    bars: kept.sort((a, b) => a.from - b.from),
    moreBars: bars.length - kept.length,
    changes: changes.slice(0, most),
    moreChanges: Math.max(0, changes.length - most),
  };
}

/** Every step of a story: the change that began it, the steps, those below. */
export function* stepsOf(story: Story): Generator<Step> {
  if (story.root !== undefined) yield story.root;
  yield* walk(story.steps);
}

function* walk(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    yield* walk(step.steps);
  }
}

export function barOfStory(story: Story): TimelineBar {
  return {
    kind: 'story',
    story: story.id,
    step: null,
    from: story.from,
    to: story.endsAt ?? null,
    outcome: story.outcome,
    severity: story.outcome === 'failed' ? 'error' : 'info',
    label: story.title,
  };
}

export function barOfStep(
  story: Story,
  step: Step,
  { since, until }: { readonly since: Micros; readonly until: Micros },
): TimelineBar[] {
  const from = step.endsAt !== undefined && step.took !== undefined ? step.endsAt - step.took : step.at;
  const to = step.endsAt ?? endOfRepeats(story, step);
  if (to === undefined || (to !== null && (to <= from || to < since)) || from >= until) return [];
  const { outcome, severity, says: label } = step;
  return [{ kind: 'step', story: story.id, step: step.id, from, to, outcome, severity, label }];
}

/** What has no end of its own: null while it goes on, the last repeat of what failed again and again, undefined for a mere moment. */
function endOfRepeats(story: Story, step: Step): Micros | null | undefined {
  if (step.outcome === 'in progress') return null;
  if (step.outcome !== 'failed' || step.count < 2) return undefined;
  return story.endsAt === undefined ? null : step.lastAt;
}

function isIn(at: Micros, { since, until }: { readonly since: Micros; readonly until: Micros }): boolean {
  return at >= since && at < until;
}

function compareWorth(a: TimelineBar, b: TimelineBar): number {
  const worth = (bar: TimelineBar) =>
    (bar.kind === 'story' ? 4 : 0) + (bar.outcome === 'failed' ? 2 : 0) + (bar.to === null ? 1 : 0);
  const length = (bar: TimelineBar) => (bar.to ?? Infinity) - bar.from;
  return worth(b) - worth(a) || length(b) - length(a);
}
