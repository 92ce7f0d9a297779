import { HarkError } from '../lib/errors.ts';
import type { DumpSummary } from './dump.ts';

const NUMBER = new Intl.NumberFormat('en-US');
const MOST_KINDS = 4;

/**
 * What a person should know of how a dump was read: what was skipped and what could not be read, a sentence each; nothing when all of one file
 * was Events.
 *
 * @param name what the dump is called: its path
 */
export function tellSummary(name: string, summary: DumpSummary): string[] {
  const { files, filesWithEvents, unreadable, textLines, cut, unopened, refused } = summary;
  const quoted = JSON.stringify(name);
  const lines: string[] = [];
  if (files > 1 || filesWithEvents < files)
    lines.push(`${quoted}: ${count(filesWithEvents, 'file')} of ${NUMBER.format(files)} held Events`);
  if (files === 1 && summary.others.size > 0)
    lines.push(`${quoted}: passed over ${tellKinds(summary.others)}`);
  if (textLines > 0)
    lines.push(
      `${quoted}: skipped ${count(textLines, 'line')} that ${textLines === 1 ? 'is' : 'are'} no JSON`,
    );
  if (unreadable > 0)
    lines.push(
      `${quoted}: ${count(unreadable, 'part')} could not be read (${unreadable === 1 ? '' : 'the first: '}${summary.firstUnreadable})`,
    );
  if (cut.length > 0) lines.push(tellCut(quoted, files, cut));
  if (unopened.length > 0)
    lines.push(`${quoted}: could not open ${count(unopened.length, 'file')} (${unopened[0]})`);
  if (summary.sightings === 0 && refused.length > 0) lines.push(`${quoted}: ${refused[0]}`);
  return lines;
}

function tellCut(name: string, files: number, cut: readonly string[]): string {
  const which = files === 1 || cut[0] === '' ? '' : ` (${cut[0]}${cut.length > 1 ? ', …' : ''})`;
  const what =
    files === 1 ? 'it ends' : cut.length === 1 ? 'a file ends' : `${count(cut.length, 'file')} end`;
  return `${name}: ${what} in the middle${which}: what came before was read`;
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
