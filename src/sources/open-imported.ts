import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import { tellSummary } from '../dumps/tell-summary.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { openInput } from './file-source.ts';
import { importDump } from './import-dump.ts';

/**
 * Puts a file or dump into a store of its own, which is removed when it is closed.
 *
 * @throws HarkError as `importDump` does
 */
export async function openImported(
  context: { readonly stdin: Readable; readonly cwd: string; readonly signal: AbortSignal },
  from: string,
): Promise<{ readonly store: Store; readonly notes: readonly string[] }> {
  const input = openInput(from, context);
  const folder = mkdtempSync(join(tmpdir(), 'hark-serve-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const store = openSqliteStore({ file: join(folder, 'events.db'), mode: 'write' });
    const closeStore = async () => {
      await store.close();
      remove();
    };
    try {
      const { summary } = await importDump(input, store, {
        name: from,
        cluster: undefined,
        namespace: undefined,
        signal: context.signal,
        onProgress: () => {},
      });
      const readClusters = async () =>
        (await store.readClusters()).map((info) =>
          info.uid === UNKNOWN_CLUSTER.uid ? { ...info, name: from } : info,
        );
      return { store: { ...store, readClusters, close: closeStore }, notes: tellSummary(from, summary) };
    } catch (error) {
      await closeStore();
      throw error;
    }
  } catch (error) {
    remove();
    throw error;
  }
}
