import type { Outcome } from '../../../src/stories/story.ts';
import type { Bar, Mark, TimelineData, TimelineRow, Tone } from '../timeline/timeline-data.ts';
import type { TimelineAnswer } from './answers.ts';

type RowAnswer = TimelineAnswer['rows'][number];
type BarAnswer = RowAnswer['bars'][number];

/** The server's answer as what is drawn. */
export function readTimeline(answer: TimelineAnswer): TimelineData {
  const end = answer.extent === null ? answer.until : answer.extent.to;
  return {
    window: { from: answer.since, to: answer.until },
    bucket: answer.bucket,
    rows: answer.rows.map((row) => readRow(row, end, answer.buckets)),
    moreRows: answer.moreRows,
    gaps: answer.gaps.map(({ from, to, caughtUpAt }) => ({
      from,
      to,
      text:
        caughtUpAt === null ? 'Nobody listened here' : 'Nobody listened here; a later list caught up on most',
    })),
    end,
  };
}

function readRow(row: RowAnswer, end: number, buckets: number): TimelineRow {
  const [normal, warning] = [new Array<number>(buckets).fill(0), new Array<number>(buckets).fill(0)];
  for (const [bucket, calm, warned] of row.density) {
    normal[bucket] = calm;
    warning[bucket] = warned;
  }
  return {
    id: row.id,
    depth: row.depth,
    object: row.object,
    label: row.label,
    story: row.story,
    hasChildren: row.children > 0,
    isOpen: row.expanded,
    count: Math.round(row.count),
    warnings: Math.round(row.warnings),
    bars: row.bars.map((bar) => readBar(bar, end, row.story !== null)),
    marks: row.changes.map(
      (change): Mark => ({
        ref: { kind: 'step', story: change.story, id: change.step },
        at: change.at,
        is: 'change',
        tone: 'normal',
        text: change.by === '' ? change.says : `${change.says} (${change.by})`,
      }),
    ),
    normal,
    warning,
  };
}

function readBar(bar: BarAnswer, end: number, isStoryRow: boolean): Bar {
  const outcome = bar.outcome as Outcome;
  return {
    ref:
      bar.step === null ? { kind: 'story', id: bar.story } : { kind: 'step', story: bar.story, id: bar.step },
    from: bar.from,
    to: bar.to ?? Math.max(end, bar.from),
    open: bar.to === null,
    tone: toneOf(outcome, bar.severity),
    weight: bar.kind === 'story' ? 'life' : 'step',
    text: bar.kind === 'story' && isStoryRow ? outcome : bar.label,
  };
}

/** What an outcome looks like; whatever warns without having failed stands out, too. */
export function toneOf(outcome: Outcome, severity: string): Tone {
  if (outcome === 'failed') return 'bad';
  if (outcome === 'in progress') return severity === 'error' || severity === 'warning' ? 'warning' : 'busy';
  if (severity === 'warning' || severity === 'error') return 'warning';
  return outcome === 'succeeded' ? 'good' : 'quiet';
}
