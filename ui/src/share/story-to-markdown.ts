import { formatObject } from '../../../src/objects/object.ts';
import type { StoryJson } from '../api/answers.ts';
import { walkSteps } from '../stories/walk-steps.ts';
import { inline } from './markdown.ts';

/** A story for an incident channel: a list of what led to what. */
export function storyToMarkdown(story: StoryJson): string {
  const { object, title, outcome, summary } = story;
  const space = object.namespace === '' ? '' : ` -n ${object.namespace}`;
  const lines = walkSteps(story)
    .filter(({ step }) => !step.echo)
    .map(({ step, depth }) => {
      const times = step.count > 1 ? ` ×${step.count}` : '';
      const mark = step.outcome === 'failed' ? '✗ ' : '';
      return `${'  '.repeat(depth)}- ${step.at} ${mark}${inline(step.says)}${times}`;
    });
  return [
    `**${inline(`${formatObject(object)}${space}`)}: ${inline(title)} (${outcome})**`,
    ...(summary === '' ? [] : [inline(summary)]),
    '',
    ...lines,
  ].join('\n');
}
