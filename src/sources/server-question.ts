import { guessKind } from '../events/guess-kind.ts';
import type { EventQuery } from '../events/query.ts';
import { formatMicroTime } from '../lib/rfc3339.ts';
import type { ObjectQuery } from '../objects/object-query.ts';

/** A question as a query string. */
export interface ServerQuestion {
  readonly parameters: URLSearchParams;
  /** Whether the server answers exactly this; else it answers more, to be chosen from. */
  readonly isExact: boolean;
}

/**
 * What a server is asked so that its answer holds all that a query asks for. What the API has no words for (a uid; a text with a comma in a
 * list) is left to the asker.
 */
export function formatQuestion(query: EventQuery & ObjectQuery): ServerQuestion {
  const parameters = new URLSearchParams();
  let isExact = query.lastUntil === undefined;

  function addList(name: string, values: readonly string[] | undefined): void {
    if (values === undefined) return;
    if (values.length === 0 || values.some((value) => !IN_LIST.test(value))) isExact = false;
    else for (const value of values) parameters.append(name, value);
  }

  const { since, until, grep, text } = query;
  addList('cluster', query.clusters);
  addList('namespace', query.namespaces);
  addList('type', query.types);
  addList('reason', query.reasons);
  addList('component', query.components);
  addList('kind', query.kinds);
  addList(
    'for',
    query.for?.map(({ kind, name }) => (NAMED.test(`${kind}/${name}`) ? `${kind}/${name}` : '')),
  );
  const kinds = [...(query.kinds ?? []), ...(query.for ?? []).map(({ kind }) => kind)];
  if (kinds.some((kind) => !isOneKind(kind)) || query.for?.some(({ uid }) => uid !== undefined))
    isExact = false;
  if (since !== undefined) parameters.set('since', formatMicroTime(since));
  if (until !== undefined) parameters.set('until', formatMicroTime(until));
  if (grep !== undefined) parameters.set('grep', `${grep.flags.includes('i') ? '(?i)' : ''}${grep.source}`);
  if (text !== undefined) parameters.set('text', text);
  if (isExact && query.limit !== undefined) parameters.set('limit', String(query.limit));
  return { parameters, isExact };
}

/** What a list between commas can hold as it is. */
const IN_LIST = /^[^\s,](?:[^,]*[^\s,])?$/;
const NAMED = /^[^\s/,]+\/[^\s/,]+$/;

function isOneKind(kind: string): boolean {
  const { kinds } = guessKind(kind);
  return kinds.length === 1 && kinds[0].toLowerCase() === kind.toLowerCase();
}
