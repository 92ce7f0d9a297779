import type { DatabaseSync } from 'node:sqlite';
import type { EventQuery } from '../../events/query.ts';
import { readSoughtWords } from '../../events/text-words.ts';
import { findNeededWords, type NeededWord } from './needed-words.ts';
import { arrays } from './read-names.ts';

/** More Events than this are not worth looking up one by one. */
const FEW_EVENTS = 50_000;
/** Into how many of the index's words a piece of a word is looked up. */
const FEW_WORDS = 300;
const ASCII = /^[a-z0-9]+$/;

/**
 * The Events whose messages may hold what `text` and `grep` ask for, by the full-text index; undefined when it does not help: the words are not
 * of a kind it can look up, or too many Events hold them. In no order; one may be given twice.
 */
export function findByText(db: DatabaseSync, query: EventQuery): number[] | undefined {
  const expression = [matchText(query.text), matchGrep(db, query.grep)].filter((part) => part !== undefined);
  if (expression.length === 0) return undefined;
  const select = arrays(
    db,
    `SELECT rowid FROM texts WHERE texts MATCH ?1
     UNION ALL SELECT event FROM unworded
     UNION ALL SELECT id FROM events WHERE id > (SELECT worded_to FROM totals)
     LIMIT ${FEW_EVENTS + 1}`,
  );
  const rows = select.all(expression.join(' AND ')) as unknown as [number][];
  return rows.length > FEW_EVENTS ? undefined : rows.map(([id]) => id);
}

function matchText(text: string | undefined): string | undefined {
  const words = readSoughtWords(text ?? '').filter(({ word }) => ASCII.test(word));
  if (words.length === 0) return undefined;
  return words.map(({ word, isBeginning }) => (isBeginning ? `"${word}"*` : `"${word}"`)).join(' AND ');
}

function matchGrep(db: DatabaseSync, grep: RegExp | undefined): string | undefined {
  const alternatives = grep === undefined ? undefined : findNeededWords(grep);
  if (alternatives === undefined) return undefined;
  const parts = alternatives.map((words) => matchAll(db, words));
  return parts.every((part) => part !== undefined) ? `(${parts.join(' OR ')})` : undefined;
}

function matchAll(db: DatabaseSync, words: readonly NeededWord[]): string | undefined {
  const quick = words.filter(({ begins }) => begins);
  if (quick.length > 0)
    return `(${quick.map(({ text, ends }) => (ends ? `"${text}"` : `"${text}"*`)).join(' AND ')})`;
  const longest = words.toSorted((a, b) => b.text.length - a.text.length)[0];
  return longest === undefined ? undefined : matchWithin(db, longest);
}

/** All words of the index that hold the piece. */
function matchWithin(db: DatabaseSync, { text, ends }: NeededWord): string | undefined {
  const select = arrays(db, `SELECT term FROM text_words WHERE term LIKE ? LIMIT ${FEW_WORDS + 1}`);
  const terms = (select.all(ends ? `%${text}` : `%${text}%`) as unknown as [string][]).map(([term]) => term);
  if (terms.length > FEW_WORDS) return undefined;
  return `(${[text, ...terms].map((term) => `"${term}"`).join(' OR ')})`;
}
