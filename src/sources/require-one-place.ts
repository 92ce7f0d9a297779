import { HarkError } from '../lib/errors.ts';
import { quoteWord } from '../lib/quote-word.ts';

/**
 * Lets nobody name a file and a store at once: one of them would be left unread.
 *
 * @throws HarkError `usage`
 */
export function requireOnePlace(named: {
  readonly from: string | undefined;
  readonly store: string | undefined;
}): void {
  const { from, store } = named;
  if (from === undefined || store === undefined) return;
  throw new HarkError('usage', `--from "${from}" and --store "${store}" exclude each other`, {
    hint: `Leave one away; to read both together: hark import ${quoteWord(from)} --store ${quoteWord(store)}, then leave --from away.`,
  });
}
