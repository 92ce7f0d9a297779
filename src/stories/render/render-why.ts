import type { Style } from '../../lib/ansi-style.ts';
import { displayWidth, padToWidth } from '../../lib/display-width.ts';
import { makeSafe } from '../../lib/safe-text.ts';
import type { Micros } from '../../lib/time.ts';
import { wrapText } from '../../lib/wrap-text.ts';
import { formatObject } from '../../objects/object.ts';
import type { Diagnosis, Finding } from '../diagnose/finding.ts';
import { shortenMessage } from '../tell/shorten-message.ts';
import { formatClock, formatDate, formatLength } from './format-times.ts';

export interface WhyOptions {
  readonly width: number;
  readonly now: Micros;
  readonly style: Style;
  /** Name the namespaces, where several are asked about. */
  readonly namespaces?: boolean;
}

const LABEL_WIDTH = 14;
/** Narrower than this, what is wrong is given the whole line, and since when the next. */
const MIN_TEXT = 40;
const MIN_FIELD = 20;

/** What is wrong now, finding by finding, and what is well again since lately; a line each. */
export function renderWhy(diagnosis: Diagnosis, options: WhyOptions): string[] {
  const { findings, healed } = diagnosis;
  const { style, now } = options;
  const parts = findings.flatMap((finding) => [...renderFinding(finding, options), '']);
  if (findings.length === 0) parts.push(style.green('✓ nothing is wrong'), '');
  if (healed.length > 0)
    parts.push(
      style.dim('no longer wrong:'),
      ...healed.flatMap((finding) => renderHealed(finding, now, options)),
      '',
    );
  return parts.slice(0, -1);
}

function renderFinding(finding: Finding, options: WhyOptions): string[] {
  const { style, now } = options;
  const paint = finding.severity === 'error' ? style.red : style.yellow;
  const mark = finding.severity === 'error' ? '✗' : '!';
  const since = `for ${formatLength(Math.max(0, now - finding.since))}, last ${formatLength(Math.max(0, now - finding.lastAt))} ago`;
  const left = `${makeSafe(nameOf(finding, options))}: ${makeSafe(finding.says)}`;
  const room = options.width - 2 - displayWidth(since) - 2;
  const isBeside = room >= MIN_TEXT;
  const [first = '', ...more] = wrapText(left, isBeside ? room : Math.max(MIN_FIELD, options.width - 2));
  const gap = ' '.repeat(Math.max(2, room + 2 - displayWidth(first)));
  const { setOffBy } = finding;
  return [
    `${paint(mark)} ${style.bold(first)}${isBeside ? `${gap}${style.dim(since)}` : ''}`.trimEnd(),
    ...more.map((line) => `  ${style.bold(line)}`),
    ...(isBeside ? [] : [`  ${style.dim(since)}`]),
    ...field(
      'first error',
      `${clock(finding.firstErrorAt, finding, now)}  ${shortenMessage(finding.firstError)}`,
      options,
    ),
    ...(finding.lastError === ''
      ? []
      : field(
          'last error',
          `${clock(finding.lastAt, finding, now)}  ${shortenMessage(finding.lastError)}`,
          options,
        )),
    ...(setOffBy === undefined
      ? []
      : field('set off by', `${clock(setOffBy.at, finding, now)}  ${saySetOff(finding)}`, options)),
    ...(finding.evidence.length === 0 ? [] : field('evidence', finding.evidence.join('; '), options)),
    ...field('next', finding.next, options),
  ];
}

function nameOf({ object }: Finding, options: WhyOptions): string {
  const namespace = options.namespaces === true && object.namespace !== '' ? ` -n ${object.namespace}` : '';
  return `${formatObject(object)}${namespace}`;
}

/** What began the very story needs no reasons; of what was changed elsewhere it is said how sure that is, and why. */
function saySetOff({ setOffBy, since }: Finding): string {
  if (setOffBy === undefined) return '';
  const { at, by, says, how, confidence, because } = setOffBy;
  const what = `${by === '' ? '' : `${by}: `}${says}`;
  const isPlain = how === 'root' && confidence !== 'possible';
  if (isPlain) return what;
  const gap = at > since ? '' : `, ${formatLength(since - at)} before the first error`;
  return `${what}${gap} (${[confidence, because.join(', ')].filter((part) => part !== '').join(': ')})`;
}

function field(label: string, text: string, { width, style }: WhyOptions): string[] {
  const lines = wrapText(makeSafe(text), Math.max(MIN_FIELD, width - LABEL_WIDTH - 2));
  return lines.map(
    (line, index) => `  ${style.dim(padToWidth(index === 0 ? label : '', LABEL_WIDTH))}${line}`,
  );
}

function clock(at: Micros, finding: Finding, now: Micros): string {
  return now - finding.since < 43_200_000_000 ? formatClock(at, false, finding.since) : formatDate(at);
}

function renderHealed(finding: Finding, now: Micros, options: WhyOptions): string[] {
  const ago = formatLength(Math.max(0, now - (finding.healedAt ?? now)));
  const lasted = formatLength(Math.max(0, (finding.healedAt ?? finding.since) - finding.since));
  const { mendedBy } = finding;
  const by =
    mendedBy === undefined ? '' : `; ${mendedBy.says}${mendedBy.by === '' ? '' : ` by ${mendedBy.by}`}`;
  const text = `${nameOf(finding, options)}: ${finding.says} (${ago} ago, after ${lasted}${by})`;
  return wrapText(makeSafe(text), Math.max(MIN_FIELD, options.width - 2)).map((line) =>
    options.style.dim(`  ${line}`),
  );
}
