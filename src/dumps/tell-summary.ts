import { HarkError } from '../lib/errors.ts';
import type { DumpSummary } from './dump.ts';

const NUMBER = new Intl.NumberFormat('en-US');
const MOST_KINDS = 4;

/**
 * What a person should know of how a dump was read: what was skipped and what could not be read, a sentence each; nothing when all of one file
 * was Events.
 *
 * @param name what the dump is called: its path
 * @param wants what was wanted beside Events
 */
export function tellSummary(
  name: string,
  summary: DumpSummary,
  wants: { readonly objects?: boolean } = {},
): string[] {
  const { files, filesWithEvents, unreadable, textLines, cut, unopened, refused } = summary;
  const quoted = JSON.stringify(name);
  const lines: string[] = [];
  if (files === 1 && filesWithEvents === 0) lines.push('it holds no Events');
  else if (files !== 1)
    lines.push(`${NUMBER.format(filesWithEvents)} of ${count(files, 'file')} held Events`);
  // Beside Events objects of other kinds are nothing to wonder about: `story` and `why` read them.
  if (files === 1 && filesWithEvents === 0 && summary.others.size > 0 && wants.objects !== true)
    lines.push(`passed over ${tellKinds(summary.others)}`);
  if (textLines > 0)
    lines.push(`skipped ${count(textLines, 'line')} that ${textLines === 1 ? 'is' : 'are'} no JSON`);
  if (unreadable > 0)
    lines.push(`${count(unreadable, 'part')} could not be read: ${summary.firstUnreadable}`);
  if (cut.size > 0) lines.push(tellCut(files, [...cut]));
  if (unopened.length > 0) lines.push(`could not open ${count(unopened.length, 'file')}: ${unopened[0]}`);
  if (summary.sightings === 0 && refused.length > 0) lines.push(`did not read ${refused[0]}`);
  return lines.map((line) => `${quoted}: ${line}`);
}

function tellCut(files: number, cut: readonly string[]): string {
  const rest = 'cut off or damaged: what could be read was read';
  if (files === 1 || cut.includes('')) return `it is ${rest}`;
  if (cut.length === 1) return `${JSON.stringify(cut[0])} is ${rest}`;
  return `${count(cut.length, 'file')} are ${rest} (${JSON.stringify(cut[0])}, …)`;
}

/** `3 objects of other kinds (2 Pod, 1 Node)`. */
function tellKinds(others: ReadonlyMap<string, number>): string {
  const kinds = [...others].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const total = kinds.reduce((sum, [, number]) => sum + number, 0);
  const shown = kinds
    .slice(0, MOST_KINDS)
    .map(([kind, number]) => `${NUMBER.format(number)} ${kind || 'of no kind'}`);
  const rest = kinds.length > MOST_KINDS ? ', …' : '';
  return `${count(total, 'object')} of other kinds (${shown.join(', ')}${rest})`;
}

function count(number: number, noun: string): string {
  return `${NUMBER.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

/**
 * To be called when a dump was read to its end.
 *
 * @throws HarkError `table-json` when all it holds of Events is a Table
 */
export function checkSummary(name: string, summary: DumpSummary): void {
  if (summary.sightings > 0 || !summary.others.has('Table')) return;
  throw new HarkError(
    'table-json',
    `cannot read Events from "${name}": it is a Table as the API server makes it for printing, which tells ages instead of times`,
    { hint: 'Save the Events themselves: kubectl get events -A -o json > events.json' },
  );
}
