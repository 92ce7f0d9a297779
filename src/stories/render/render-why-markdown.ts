import type { Micros } from '../../lib/time.ts';
import { formatObject } from '../../objects/object.ts';
import type { Diagnosis, Finding } from '../diagnose/finding.ts';
import type { SetOff } from '../story.ts';
import { formatDate, formatLength } from './format-times.ts';
import { code, codeBlock, text } from './markdown-text.ts';

/** What is wrong, and what no longer is, for an incident document: a heading for each finding, its errors in full. Times are UTC. */
export function renderWhyMarkdown({ findings, healed }: Diagnosis, now: Micros): string {
  const parts = findings.map((finding) => renderFinding(finding, now));
  if (findings.length === 0) parts.push(['✓ nothing is wrong', '']);
  if (healed.length > 0) parts.push(['### No longer wrong', '', ...healed.map(renderHealed), '']);
  return parts.flat().join('\n');
}

function renderFinding(finding: Finding, now: Micros): string[] {
  const { severity, since, lastAt, setOffBy, evidence, next } = finding;
  const facts = [
    `since ${formatDate(since)} UTC, for ${formatLength(Math.max(0, now - since))}; last said ${formatLength(Math.max(0, now - lastAt))} before ${formatDate(now)} UTC`,
    setOffBy === undefined ? '' : `set off by ${sayChange(setOffBy)} (${setOffBy.confidence})`,
    evidence.length === 0 ? '' : `evidence: ${text(evidence.join('; '))}`,
    `next: ${code(next)}`,
  ];
  return [
    `### ${severity === 'error' ? '✗' : '!'} ${nameOf(finding)}: ${text(finding.says)}`,
    '',
    ...facts.filter((fact) => fact !== '').map((fact) => `- ${fact}`),
    ...renderError('First', finding.firstError, finding.firstErrorAt),
    ...(finding.lastError === '' ? [] : renderError('Last', finding.lastError, lastAt)),
    '',
  ];
}

function renderError(which: string, error: string, at: Micros): string[] {
  return ['', `${which} error, ${formatDate(at)} UTC:`, '', ...codeBlock(error)];
}

function renderHealed(finding: Finding): string {
  const { healedAt = finding.lastAt, since, mendedBy } = finding;
  const by = mendedBy === undefined ? '' : `; ${sayChange(mendedBy)}`;
  return `- ${nameOf(finding)}: ${text(finding.says)}, until ${formatDate(healedAt)} UTC, for ${formatLength(Math.max(0, healedAt - since))}${by}`;
}

function sayChange({ by, says, at }: SetOff): string {
  return `${by === '' ? 'someone unknown' : code(by)}, ${formatDate(at)} UTC: ${text(says)}`;
}

function nameOf({ object }: Finding): string {
  const where = object.namespace === '' ? '' : ` in ${code(object.namespace)}`;
  return `${code(formatObject(object))}${where}`;
}
