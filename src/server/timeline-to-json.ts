import type { Gap } from '../events/query.ts';
import type { ToldStories } from '../follow/told-stories.ts';
import { nameKey } from '../objects/object.ts';
import { objectToJson } from '../stories/render/to-json.ts';
import type { StoryTimeline } from './story-rows.ts';
import type { Timeline, TimelineQuestion, TimelineRow } from './timeline.ts';
import { readRowStories } from './timeline-bars.ts';

type Shown = StoryTimeline | (Timeline & { readonly stories: ToldStories; readonly bars: number });

/** A timeline as JSON: times in microseconds, densities without their empty buckets. */
export function formatTimeline(shown: Shown, question: TimelineQuestion, gaps: readonly Gap[]) {
  const { since, until, buckets } = question;
  const { events, count, warnings } = shown.totals;
  return {
    since,
    until,
    bucket: (until - since) / buckets,
    buckets,
    extent: shown.extent ?? null,
    totals: { events, count: round(count), warnings: round(warnings) },
    undated: shown.undated,
    histogram: {
      normal: Array.from(shown.histogram.normal, round),
      warning: Array.from(shown.histogram.warning, round),
      reasons: shown.histogram.reasons.map(({ bucket, reason, count }): [number, string, number] => [
        bucket,
        reason,
        round(count),
      ]),
    },
    rows: shown.rows.map((row) => formatRow(row, shown, question)),
    moreRows: Math.max(0, shown.rowCount - question.offset - shown.rows.length),
    gaps: gaps.map(({ cluster, namespace, from, to, caughtUpAt = null }) => ({
      cluster,
      namespace,
      from,
      to,
      caughtUpAt,
    })),
  };
}

function formatRow(row: TimelineRow, shown: Shown, question: TimelineQuestion) {
  const told =
    'stories' in shown
      ? readRowStories(shown.stories, nameKey(row.object), question, !row.expanded, shown.bars)
      : 'told' in row
        ? (row as TimelineRow & { told: object }).told
        : {};
  return {
    id: row.id,
    parent: row.parent,
    depth: row.depth,
    label: row.label,
    object: objectToJson(row.object),
    story: 'story' in row ? row.story : null,
    children: row.children,
    expanded: row.expanded,
    events: row.events,
    count: round(row.count),
    warnings: round(row.warnings),
    first: Math.round(row.first),
    last: Math.round(row.last),
    density: listBuckets(row),
    ...told,
  };
}

function listBuckets({ normal, warning }: TimelineRow): [number, number, number][] {
  const buckets: [number, number, number][] = [];
  for (let bucket = 0; bucket < normal.length; bucket++) {
    const [calm, loud] = [normal[bucket] ?? 0, warning[bucket] ?? 0];
    if (calm > 0 || loud > 0) buckets.push([bucket, round(calm), round(loud)]);
  }
  return buckets;
}

/** Parts of happenings, where they were folded, to a thousandth. */
function round(count: number): number {
  return Math.round(count * 1000) / 1000;
}
