import type { Micros, MicrosLength } from '../lib/time.ts';

/** Where something is listed and watched, and in which form. */
export interface WatchedPlace {
  /** As messages name all of them: `Events`, `pods`. */
  readonly what: string;
  /** As messages name one: `an Event`. */
  readonly one: string;
  /** Of one namespace, or of the whole cluster (empty). */
  readonly namespace: string;
  /** The collection's, from the server's root. */
  readonly path: string;
  /** Media types wanted of a list, and of a watch; default `application/json`. */
  readonly listAs?: string;
  readonly watchAs?: string;
  /** A watch is asked to end between so long after its start and twice that. */
  readonly watchFor: MicrosLength;
}

/** What is listed and watched, and how one of it is read and told. */
export interface WatchedResource<T, I> extends WatchedPlace {
  /**
   * Reads the object of a list's item or a watch's line.
   *
   * @throws Error when it is none
   */
  parse(object: unknown): T;
  /**
   * Reads the JSON text of an item, or of a line, in which the item's own brace is the second: `JSON.parse` by default. May leave out what `parse` does
   * not look at.
   *
   * @throws SyntaxError
   */
  readonly parseText?: (text: string, depth: 1 | 2) => unknown;
  versionOf(object: T): string;
  tell(type: 'listed' | 'added' | 'modified' | 'deleted', object: T, at: Micros): I;
  /** What is told when a list begins, perhaps anew; nothing by default. */
  begin?(at: Micros): I;
}
