import { formatHumanDuration } from '../events/human-duration.ts';
import type { EventQuery, Gap } from '../events/query.ts';
import { quoteWord } from '../lib/quote-word.ts';
import { formatTime } from '../lib/rfc3339.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import type { Source } from '../sources/source.ts';
import type { Context } from './context.ts';
import { suggestKind } from './kind-meanings.ts';
import { printNote } from './print.ts';

/** So many gaps are told one by one. */
const MOST_GAPS = 5;
/** So many clusters are named. */
const MOST_CLUSTERS = 5;

/** Tells, on stderr, what a source has to say; returns a function that tells only what came up since. */
export function createSourceNotes(source: Source, context: Context): () => Promise<void> {
  let told = 0;
  return async () => {
    for (const note of source.notes.slice(told)) await printNote(context, note);
    told = source.notes.length;
  };
}

/**
 * What kubectl says when there are none, and, when a word in the question is probably mistyped, which.
 *
 * @param kinds as typed
 */
export async function noteEmpty(
  source: Source,
  query: EventQuery,
  kinds: readonly string[],
  context: Context,
): Promise<void> {
  await printNote(context, formatEmpty(source, query));
  for (const type of query.types ?? []) {
    const near = suggestSimilar(type, ['Normal', 'Warning'])[0];
    if (near?.toLowerCase() !== type.toLowerCase()) await noteMeant(type, near, context);
  }
  for (const kind of kinds) await noteMeant(kind, suggestKind(kind), context);
  await noteElsewhere(source, context);
}

/** Where nothing was found, it may be of another cluster that the store holds: one that was imported. */
export async function noteElsewhere({ elsewhere }: Source, context: Context): Promise<void> {
  const [first] = elsewhere;
  if (first === undefined) return;
  const shown = elsewhere.slice(0, MOST_CLUSTERS).map(({ name }) => JSON.stringify(name));
  const rest = elsewhere.length > MOST_CLUSTERS ? ', …' : '';
  const are = elsewhere.length === 1 ? 'cluster' : 'clusters';
  const command = `${context.program.name} events -A --context ${quoteWord(first.name)}`;
  await printNote(context, makeSafe(`The store also holds ${are} ${shown.join(', ')}${rest}: ${command}`));
}

async function noteMeant(typed: string, meant: string | undefined, context: Context): Promise<void> {
  if (meant !== undefined) await printNote(context, `"${makeSafe(typed)}": did you mean ${meant}?`);
}

function formatEmpty(source: Source, query: EventQuery): string {
  const namespaces = query.namespaces ?? [];
  const where = source.kind === 'file' ? ` in ${makeSafe(source.name)}` : '';
  if (namespaces.length === 0) return `No events found${where}.`;
  return `No events found in ${namespaces.map((name) => makeSafe(name)).join(', ')} namespace${where}.`;
}

/** Says, on stderr, for which part of the asked time nobody was listening; `isWorthTelling` picks among the gaps. */
export async function noteGaps(
  source: Source,
  query: EventQuery,
  context: Context,
  isWorthTelling: (gap: Gap) => boolean = () => true,
): Promise<void> {
  const gaps = (await source.reader.readGaps(query)).filter(isWorthTelling);
  const shown = gaps.slice(-MOST_GAPS);
  if (gaps.length > shown.length) {
    await printNote(
      context,
      `Hark was not listening ${gaps.length} times in the asked time; the last ${shown.length}:`,
    );
  }
  for (const gap of shown) await printNote(context, formatGap(gap));
}

/** `Not listening from 2026-11-23T15:28:47Z to 2026-11-23T16:00:00Z (31m) in namespace shop: …`. */
export function formatGap(gap: Gap): string {
  const where = gap.namespace === '' ? '' : ` in namespace ${makeSafe(gap.namespace)}`;
  const length = formatHumanDuration(gap.to - gap.from);
  const missing =
    gap.caughtUpAt === undefined
      ? 'Events of that time may be missing'
      : 'caught up on since; only repeats and Events deleted in that time may be missing';
  return `Gap: not listening${where} from ${formatTime(gap.from)} to ${formatTime(gap.to)} (${length}): ${missing}.`;
}
