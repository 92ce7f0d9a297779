import { makeSafe } from '../../lib/safe-text.ts';
import { MINUTE, type Micros, SECOND } from '../../lib/time.ts';
import type { Step, Story } from '../story.ts';
import { drawBar } from './draw-bar.ts';
import { foldAlike } from './fold-alike.ts';
import { formatClock, formatLength, formatRoughLength, sayCount } from './format-times.ts';
import { markOf } from './outcome-marks.ts';

/** One line of a tree before it is laid out. */
export interface TreeLine {
  /** What draws the tree, before the line and before the lines it is wrapped into. */
  readonly rail: string;
  readonly railNext: string;
  readonly time: string;
  readonly mark: string;
  readonly text: string;
  /** `×4591 over 17h ▁▃▅▇`. */
  readonly repeats: string;
  readonly length: string;
  readonly by: string;
  readonly step: Step | undefined;
}

const BAR_CELLS = 10;
/** From how many repeats on a bar tells more than their number. */
const BAR_FROM = 10;
const STILL = 15 * MINUTE;

/** The lines of a story's steps, depth first. */
export function linesOf(story: Story, now: Micros, echoes: boolean): TreeLine[] {
  const lines: TreeLine[] = [];
  const notes = story.notes.map((note): TreeLine => ({ ...EMPTY, text: makeSafe(note), step: undefined }));
  addSteps(lines, story.steps, {
    rail: '',
    base: undefined,
    day: story.from,
    now,
    echoes,
    isLast: notes.length === 0,
  });
  for (const [index, note] of notes.entries()) {
    const isLast = index === notes.length - 1;
    lines.push({ ...note, rail: isLast ? '└─ ' : '├─ ', railNext: isLast ? '   ' : '│  ' });
  }
  return lines;
}

const EMPTY: Omit<TreeLine, 'text' | 'step'> = {
  rail: '',
  railNext: '',
  time: '',
  mark: ' ',
  repeats: '',
  length: '',
  by: '',
};

interface Place {
  readonly rail: string;
  /** The time that offsets are counted from; undefined at the first level, which tells the time of day. */
  readonly base: Step | undefined;
  readonly day: Micros;
  readonly now: Micros;
  readonly echoes: boolean;
  /** Nothing follows these steps at their level. */
  readonly isLast: boolean;
}

function addSteps(lines: TreeLine[], steps: readonly Step[], place: Place): void {
  const shown = place.echoes ? steps : steps.filter((step) => !isEcho(step, steps));
  const folded = foldAlike(shown);
  for (const [index, { step, alike }] of folded.entries()) {
    const isEnd = place.isLast && index === folded.length - 1;
    const rails = railsOf(place.rail, isEnd && alike.length === 0);
    lines.push(lineOf(step, rails, place));
    addSteps(lines, step.steps, { ...place, rail: rails.railNext, base: place.base ?? step, isLast: true });
    if (alike.length === 0) continue;
    lines.push({
      ...EMPTY,
      ...railsOf(place.rail, isEnd),
      text: sayAlike(alike, place.day),
      step: undefined,
    });
  }
}

function railsOf(rail: string, isLast: boolean): { rail: string; railNext: string } {
  return { rail: `${rail}${isLast ? '└─ ' : '├─ '}`, railNext: `${rail}${isLast ? '   ' : '│  '}` };
}

/** Says nothing that a sibling does not say: how an image was pulled is told by the length of its pulling. */
export function isEcho(step: Step, siblings: readonly Step[]): boolean {
  if (step.echo) return true;
  if (step.source === 'inferred') return step.steps.every((below) => isEcho(below, step.steps));
  return (
    step.reason === 'Pulled' &&
    siblings.some(
      (other) =>
        other.reason === 'Pulling' && other.container === step.container && other.outcome === 'succeeded',
    )
  );
}

function lineOf(step: Step, rails: Pick<TreeLine, 'rail' | 'railNext'>, place: Place): TreeLine {
  return {
    ...rails,
    time:
      place.base === undefined
        ? formatClock(step.at, step.precise, place.day)
        : formatOffset(step, place.base),
    mark: markOf(step),
    text: makeSafe(step.says),
    repeats: sayRepeats(step, place.now),
    length: sayLength(step),
    by: makeSafe([step.by, step.host].filter((part) => part !== '').join(' ')),
    step,
  };
}

/** `+0.9s` after its first-level step; never before it, whatever the clocks say. */
function formatOffset(step: Step, base: Step): string {
  // Of a second that is all that is known, the end: it is told after what is known to be earlier.
  const at = base.precise && !step.precise ? step.at + SECOND - 1 : step.at;
  const after = Math.max(0, at - base.at);
  return `+${step.precise && base.precise ? formatLength(after) : formatRoughLength(after)}`;
}

/** How long a failure lasted is told with its repeats, or by what is below it. */
function sayLength(step: Step): string {
  const isFailure = step.outcome === 'failed' && (step.steps.length > 0 || step.severity !== 'info');
  return step.took === undefined || isFailure ? '' : formatLength(step.took);
}

function sayRepeats(step: Step, now: Micros): string {
  if (step.count < 2) return '';
  const bar = step.count < BAR_FROM ? '' : ` ${drawBar(step.occurrences, BAR_CELLS)}`;
  const isGoingOn = step.outcome === 'failed' && step.endsAt === undefined && now - step.lastAt < STILL;
  return `${sayCount(step)}${bar}${isGoingOn ? ' …' : ''}`;
}

export function sayAlike(alike: readonly Step[], day: Micros): string {
  const kinds = new Set(
    alike.map((step) =>
      step.object.kind === 'Pod' || step.reason === 'SuccessfulCreate' || step.reason === 'SuccessfulDelete'
        ? 'Pods'
        : 'steps',
    ),
  );
  const [kind] = kinds.size === 1 ? kinds : ['steps'];
  const last = alike.reduce((latest, step) => Math.max(latest, step.at), 0);
  const what =
    alike.length === 1 ? `one more ${kind === 'Pods' ? 'Pod' : 'step'}` : `${alike.length} more ${kind}`;
  return `and ${what} like this one, until ${formatClock(last, false, day)}`;
}
