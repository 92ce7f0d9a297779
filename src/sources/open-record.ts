import { existsSync } from 'node:fs';
import { HarkError } from '../lib/errors.ts';
import { findStoreFile } from '../store/find-store-file.ts';
import type { Store } from '../store/store.ts';
import type { SourceContext } from './open-source.ts';

export interface FoundRecord {
  readonly store: Store | undefined;
  readonly file: string;
  /** Why there is none, when one is there but cannot be read. */
  readonly trouble: string | undefined;
}

/**
 * Opens the store to read, if there is one.
 *
 * @param given the file that `--store` names
 * @throws HarkError of the store, when one was named; else its trouble is told
 */
export async function openRecord(context: SourceContext, given: string | undefined): Promise<FoundRecord> {
  const file = findStoreFile(given, context.env, context.cwd);
  if (given === undefined && !existsSync(file)) return { store: undefined, file, trouble: undefined };
  const { openSqliteStore } = await import('../store/sqlite/open-sqlite-store.ts');
  try {
    return { store: openSqliteStore({ file, mode: 'read' }), file, trouble: undefined };
  } catch (error) {
    if (given !== undefined || !(error instanceof HarkError)) throw error;
    return { store: undefined, file, trouble: sayTrouble(error) };
  }
}

function sayTrouble({ message, hint }: HarkError): string {
  return [`${message.replace(/\.$/, '')}. Going on without the record.`, hint]
    .filter((part) => part !== '')
    .join(' ');
}
