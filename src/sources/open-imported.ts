import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { UNKNOWN_CLUSTER } from '../dumps/assign-cluster.ts';
import { tellSummary } from '../dumps/tell-summary.ts';
import type { Clock } from '../lib/clock.ts';
import type { MicrosLength } from '../lib/time.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { openInput } from './file-source.ts';
import { importDump } from './import-dump.ts';
import { loadPlay } from './play-file.ts';
import { readToldObjects } from './read-told-objects.ts';

export interface ImportedFile {
  /** Removed when it is closed. */
  readonly store: Store;
  readonly notes: readonly string[];
  /** Plays the file into the store, then puts in what only the whole of it tells; when it was asked for. */
  readonly play: ((signal: AbortSignal) => Promise<void>) | undefined;
}

/** How a file is played: as if it happened now, in so long. */
export interface PlayWish {
  readonly length: MicrosLength;
  readonly clock: Clock;
}

/**
 * Puts a file or dump into a store of its own.
 *
 * @param wish when given, the store is empty until it is played
 * @throws HarkError as `importDump` does
 */
export async function openImported(
  context: { readonly stdin: Readable; readonly cwd: string; readonly signal: AbortSignal },
  from: string,
  wish?: PlayWish,
): Promise<ImportedFile> {
  const input = openInput(from, context);
  const playing = wish && (await loadPlay(input, from, wish.length, wish.clock, context.signal));
  const folder = mkdtempSync(join(tmpdir(), 'hark-serve-'));
  const store = openSqliteStore({ file: join(folder, 'events.db'), mode: 'write' });
  const close = async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  };
  const takeAll = async (signal: AbortSignal) => {
    const options = { name: from, cluster: undefined, namespace: undefined, signal, onProgress: () => {} };
    return tellSummary(from, (await importDump(input, store, options)).summary);
  };
  /** A file that names no cluster is called by its own name. */
  const readClusters = async () =>
    (await store.readClusters()).map((info) =>
      info.uid === UNKNOWN_CLUSTER.uid ? { ...info, name: from } : info,
    );
  try {
    const notes = playing === undefined ? await takeAll(context.signal) : [];
    const told = playing && (await readToldObjects(input, from, join(folder, 'whole.db'), context.signal));
    const play =
      playing &&
      told &&
      (async (signal: AbortSignal) => {
        await playing(store, signal, told);
        if (!signal.aborted) await takeAll(signal);
      });
    return { store: { ...store, readClusters, close }, notes, play };
  } catch (error) {
    await close();
    throw error;
  }
}
