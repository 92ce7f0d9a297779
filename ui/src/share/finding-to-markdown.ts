import { formatObject } from '../../../src/objects/object.ts';
import type { FindingJson } from '../api/answers.ts';
import { fence, inline } from './markdown.ts';

/** A finding for an incident channel. */
export function findingToMarkdown(finding: FindingJson): string {
  const { object, says, since, firstError, setOffBy, evidence, next } = finding;
  const space = object.namespace === '' ? '' : ` -n ${object.namespace}`;
  return [
    `**${inline(`${formatObject(object)}${space}`)}: ${inline(says)}**`,
    `- since ${since}${finding.state === 'healed' ? `, well again ${finding.healedAt ?? ''}` : ''}`,
    ...(setOffBy === null
      ? []
      : [`- set off by ${inline(`${setOffBy.by} ${setOffBy.says}`.trim())}, ${setOffBy.at}`]),
    ...evidence.map((line) => `- ${inline(line)}`),
    '',
    'First error:',
    fence(firstError),
    'Next:',
    fence(next),
  ].join('\n');
}
