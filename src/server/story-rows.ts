import type { Micros } from '../lib/time.ts';
import { isInTime } from '../stories/match-story.ts';
import type { Story } from '../stories/story.ts';
import type { EntryFilter } from './filter-entries.ts';
import type { Model } from './model.ts';
import type { RowTree } from './owner-rows.ts';
import { addHappenings, createDensity, finishDensity } from './tally-window.ts';
import { layOutTimeline, type Timeline, type TimelineQuestion, type TimelineRow } from './timeline.ts';
import { barOfStep, barOfStory, type RowStories, stepsOf } from './timeline-bars.ts';

/** A row that is a story. */
export type StoryRow = TimelineRow & { readonly story: string; readonly told: RowStories };

export interface StoryTimeline extends Omit<Timeline, 'rows'> {
  readonly rows: readonly StoryRow[];
}

/** Lays out the stories of a viewport, a row for each, in the order they began. */
export function layOutStories(
  { index, stories }: Model,
  matches: EntryFilter,
  isChosen: (story: Story) => boolean,
  question: TimelineQuestion,
  most: number,
): StoryTimeline {
  const { totals, undated, histogram, extent } = layOutTimeline(index, ONE_ROW, matches, question);
  const found = stories
    .all()
    .filter((story) => isInTime(story, question.since, question.until) && isChosen(story));
  const shown = found.slice(question.offset, question.offset + question.rows);
  return {
    rows: shown.map((story, number) => rowOf(story, number, question, most)),
    rowCount: found.length,
    totals,
    undated,
    histogram,
    extent,
  };
}

/** For the sums of everything. */
const ONE_ROW: RowTree = {
  size: 1,
  parents: Int32Array.of(-1),
  order: Int32Array.of(0),
  rowOf: () => 0,
  rowOfKey: () => -1,
  rowOfObject: () => 0,
  idOf: () => '',
  labelOf: () => '',
  objectOf: () => ({ cluster: '', apiVersion: '', kind: '', namespace: '', name: '', uid: '' }),
  compareNames: () => 0,
};

function rowOf(story: Story, number: number, question: TimelineQuestion, most: number): StoryRow {
  const density = { normal: createDensity(question), warning: createDensity(question) };
  const sum = { events: 0, count: 0, warnings: 0, first: Infinity, last: -Infinity };
  const bars = [barOfStory(story)];
  const changes = [];
  for (const step of stepsOf(story)) {
    bars.push(...barOfStep(story, step, question));
    if (step.source === 'change' && step.at >= question.since && step.at < question.until)
      changes.push({ story: story.id, step: step.id, at: step.at, says: step.says, by: step.by });
    if (step.source !== 'event') continue;
    const warns = step.type !== 'Normal';
    let before: Micros | undefined;
    for (const { at, count } of step.occurrences) {
      const begin = count > 1 ? (before ?? at) : at;
      before = at;
      if (count <= 0 || at < question.since || begin >= question.until) continue;
      const from = Math.max(begin, question.since);
      addHappenings(
        warns ? density.warning : density.normal,
        question,
        from,
        Math.min(at, question.until - 1),
        count,
      );
      sum.count += count;
      if (warns) sum.warnings += count;
      sum.first = Math.min(sum.first, from);
      sum.last = Math.max(sum.last, at);
    }
    sum.events += step.sources.length;
  }
  return {
    ...sum,
    number,
    id: story.id,
    story: story.id,
    parent: null,
    depth: 0,
    label: story.title,
    object: story.object,
    children: 0,
    expanded: false,
    first: sum.first === Infinity ? story.from : sum.first,
    last: sum.last === -Infinity ? story.lastAt : sum.last,
    normal: finishDensity(density.normal),
    warning: finishDensity(density.warning),
    told: {
      bars: bars.slice(0, most),
      moreBars: Math.max(0, bars.length - most),
      changes: changes.slice(0, most),
      moreChanges: Math.max(0, changes.length - most),
    },
  };
}
