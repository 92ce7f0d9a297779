import type { Readable } from 'node:stream';
import type { Micros } from '../lib/time.ts';
import { openFileSource } from './file-source.ts';
import { requireOnePlace } from './require-one-place.ts';
import type { Source } from './source.ts';

export type { FollowedPage, Source } from './source.ts';

/** The flags that say where to read from. */
export interface SourceOptions {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly allNamespaces: boolean;
  readonly from: string | undefined;
  readonly store: string | undefined;
  /** The URL of a running Hark. */
  readonly server?: string | undefined;
  /** A file that holds its bearer token. */
  readonly tokenFile?: string | undefined;
}

/** What is wanted of a source beside Events: reading more takes longer. */
export interface SourceWants {
  /** Objects and what changed of them; default false. */
  readonly objects?: boolean;
}

/** What opening a source may touch of the world. */
export interface SourceContext {
  readonly stdin: Readable;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly wallClock: () => Micros;
  readonly signal: AbortSignal;
}

/**
 * Opens where a reading command's Events come from, the first that applies: `--from`; `--server`; the cluster of the current context joined with what the
 * store has of it; the store alone, when there is no cluster or it does not answer.
 *
 * @throws HarkError `usage` when both a file and a store are named; of the file, of the kubeconfig, of a store that was named; of the cluster (exit 3 or 4) when it does not answer and the store knows
 *   nothing of it
 */
export async function openSource(
  context: SourceContext,
  options: SourceOptions,
  wants: SourceWants = {},
): Promise<Source> {
  requireOnePlace(options);
  if (options.from !== undefined) return await openFileSource(context, options.from, options, wants);
  if (options.server !== undefined) {
    const { openServerSource } = await import('./server-source.ts');
    return await openServerSource(context, { ...options, server: options.server });
  }
  const { openClusterSource } = await import('./cluster-source.ts');
  return await openClusterSource(context, options, wants);
}
