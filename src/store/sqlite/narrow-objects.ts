import { SECOND } from '../../lib/time.ts';
import type { ObjectQuery } from '../../objects/object-query.ts';
import { hashText } from './hash-text.ts';

/** Conditions of SQL that leave out most of what a question does not ask for, and never what it does. */
export interface Narrowed {
  /** On `o`, a row of `objects`; empty for none. */
  readonly conditions: readonly string[];
  readonly values: Readonly<Record<string, string | number>>;
}

/** Which rows of `objects` a question can be about: `matchObjects` and `matchChanges` decide. */
export function narrowObjects(query: ObjectQuery): Narrowed {
  const { clusters, namespaces, kinds, for: filters } = query;
  const conditions: string[] = [];
  const values: Record<string, string | number> = {};
  const add = (condition: string, name: string, list: readonly unknown[]): void => {
    conditions.push(condition);
    values[name] = JSON.stringify(list);
  };
  if (clusters !== undefined)
    add(
      'o.cluster IN (SELECT id FROM clusters WHERE uid IN (SELECT value FROM json_each($clusters)))',
      'clusters',
      clusters,
    );
  if (namespaces !== undefined) add(`(o.space = 0 OR o.space IN (${SPACES}))`, 'spaces', hashed(namespaces));
  if (kinds !== undefined) add(`o.kind IN (${KINDS})`, 'kinds', lowered(kinds));
  if (filters?.every(({ name }) => name !== '') === true)
    add(`o.id IN (${NAMED})`, 'named', hashed(filters.map(({ name }) => name)));
  else if (filters?.every(({ kind }) => kind !== '') === true)
    add(
      `o.kind IN (${KINDS.replace('$kinds', '$ofKinds')})`,
      'ofKinds',
      lowered(filters.map(({ kind }) => kind)),
    );
  return { conditions, values };
}

/** The first and the last second that a question asks for. */
export function secondsOf({ since, until }: ObjectQuery): { readonly from: number; readonly to: number } {
  return {
    from: since === undefined ? Number.MIN_SAFE_INTEGER : Math.floor(since / SECOND),
    to: until === undefined ? Number.MAX_SAFE_INTEGER : Math.floor(until / SECOND),
  };
}

const SPACES = `
  SELECT s.id FROM json_each($spaces) asked JOIN strings s
  ON s.hash = asked.value ->> 'hash' AND s.text = asked.value ->> 'text'`;
const NAMED = `
  SELECT n.id FROM json_each($named) asked JOIN objects n
  ON n.hash = asked.value ->> 'hash' AND n.name = asked.value ->> 'text'`;
const KINDS = 'SELECT id FROM kinds WHERE lower(kind) IN (SELECT value FROM json_each($kinds))';

function hashed(texts: readonly string[]): { readonly hash: number; readonly text: string }[] {
  return texts.map((text) => ({ hash: hashText(text), text }));
}

function lowered(texts: readonly string[]): string[] {
  return texts.map((text) => text.toLowerCase());
}
