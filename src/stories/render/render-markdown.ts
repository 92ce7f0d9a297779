import type { Micros } from '../../lib/time.ts';
import { formatObject } from '../../objects/object.ts';
import type { Step, Story, Trouble } from '../story.ts';
import { foldAlike } from './fold-alike.ts';
import { formatClock, formatDate, formatLength, sayCount } from './format-times.ts';
import { code, codeBlock, text } from './markdown-text.ts';
import { MARKS, markOf } from './outcome-marks.ts';
import { sayOutcome } from './say-outcome.ts';

/** A story for an incident document: what happened and how it came out, the errors in full, and a timeline as a table. Times are UTC. */
export function renderMarkdown(story: Story, now: Micros): string {
  const { object, title, outcome, root, troubles, steps, notes } = story;
  const where = object.namespace === '' ? '' : ` in ${code(object.namespace)}`;
  const facts = [
    text(sayOutcome(story, now)),
    `from ${formatDate(story.from)} UTC${story.endsAt === undefined ? '' : ` to ${formatDate(story.endsAt)} UTC`}`,
    root === undefined
      ? ''
      : `set off by ${root.by === '' ? 'someone unknown' : code(root.by)}: ${text(root.says)}`,
    ...notes.map(text),
  ];
  return [
    `### ${MARKS[outcome]} ${code(formatObject(object))}${where}: ${text(title)}`,
    '',
    ...facts.filter((fact) => fact !== '').map((fact) => `- ${fact}`),
    ...troubles
      .filter((trouble) => trouble.severity !== 'notice')
      .slice(0, MAX_ERRORS)
      .flatMap(renderError),
    '',
    '| time (UTC) | took | what | who |',
    '|---|---|---|---|',
    ...(root === undefined ? [] : [rowOf(root, 0, story)]),
    ...rowsOf(steps, 0, story),
    '',
  ].join('\n');
}

const MAX_ERRORS = 3;

function renderError(trouble: Trouble): string[] {
  const about = formatObject(trouble.object);
  return [
    '',
    `First error, ${formatDate(trouble.firstAt)} UTC, ${code(about)} (×${trouble.count}):`,
    '',
    ...codeBlock(trouble.firstError),
  ];
}

function rowsOf(steps: readonly Step[], depth: number, story: Story): string[] {
  return foldAlike(steps.filter((step) => !step.echo)).flatMap(({ step, alike }) => [
    rowOf(step, depth, story),
    ...rowsOf(step.steps, depth + 1, story),
    ...(alike.length === 0 ? [] : [`| | | ${indent(depth)}*and ${alike.length} more like this one* | |`]),
  ]);
}

function rowOf(step: Step, depth: number, story: Story): string {
  const repeats = step.count < 2 ? '' : ` (${sayCount(step)})`;
  const mark = markOf(step).trim();
  const cells = [
    formatClock(step.at, step.precise, story.from),
    step.took === undefined || step.outcome === 'failed' ? '' : formatLength(step.took),
    `${indent(depth)}${mark === '' ? '' : `${mark} `}${text(step.says)}${repeats}`,
    text(step.by),
  ];
  return `| ${cells.join(' | ')} |`;
}

function indent(depth: number): string {
  return depth === 0 ? '' : `${'&emsp;'.repeat(depth - 1)}↳ `;
}
