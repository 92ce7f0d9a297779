import { makeSafe } from '../lib/safe-text.ts';
import { foldAlike } from '../stories/render/fold-alike.ts';
import { isEcho, sayAlike } from '../stories/render/tree-lines.ts';
import type { Step, Story } from '../stories/story.ts';
import type { Span, Trace } from './span.ts';

/** One line of a waterfall before it is laid out. */
export interface WaterfallRow {
  /** What draws the tree, before the line and before those that follow of it. */
  readonly rail: string;
  readonly railNext: string;
  readonly text: string;
  /** What stands for others that went alike has no step; neither that nor a change has a span. */
  readonly step: Step | undefined;
  readonly span: Span | undefined;
}

/**
 * The rows of a story's steps, depth first; what went alike is told once.
 *
 * @param echoes tell steps too that say nothing new
 */
export function rowsOf(story: Story, trace: Trace, echoes: boolean): WaterfallRow[] {
  const spans = new Map(trace.spans.map((span) => [span.stepId, span]));
  const rows: WaterfallRow[] = [];
  const addRows = (steps: readonly Step[], rail: string) => {
    const folded = foldAlike(echoes ? steps : steps.filter((step) => !isEcho(step, steps)));
    for (const [index, { step, alike }] of folded.entries()) {
      const isEnd = index === folded.length - 1;
      const rails = railsOf(rail, isEnd && alike.length === 0);
      rows.push({ ...rails, text: makeSafe(step.says), step, span: spans.get(step.id) });
      addRows(step.steps, rails.railNext);
      if (alike.length === 0) continue;
      const text = sayAlike(alike, story.from);
      rows.push({ ...railsOf(rail, isEnd), text, step: undefined, span: undefined });
    }
  };
  addRows(story.steps, '');
  return rows;
}

function railsOf(rail: string, isLast: boolean): Pick<WaterfallRow, 'rail' | 'railNext'> {
  return { rail: `${rail}${isLast ? '└─ ' : '├─ '}`, railNext: `${rail}${isLast ? '   ' : '│  '}` };
}
