/** What someone who passes the record on keeps with it of one thing, by a name of its own; undefined: nothing any more. */
export type Mark = readonly [key: string, value: string | undefined];

/** Reads how far those got who pass the record on. */
export interface MarkReader {
  /** All marks of one of them; empty when it never began. */
  readMarks(keeper: string): Promise<ReadonlyMap<string, string>>;
}

/** Keeps it. */
export interface MarkWriter {
  /** Resolves once they are committed, all of them. */
  writeMarks(keeper: string, marks: readonly Mark[]): Promise<void>;
}
