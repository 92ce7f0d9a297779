import type { Context } from '../commands/context.ts';
import type { GlobalOptions } from '../commands/global-options.ts';
import type { Source } from './source.ts';

export type { FollowedPage, Source } from './source.ts';

/**
 * Opens where a reading command's Events come from, the first that applies: `--from`; the cluster of the current context joined with what the
 * store has of it; the store alone, when `--store` is given and there is no cluster to ask.
 *
 * @throws HarkError of the file, of the kubeconfig; `cluster-unreachable` (exit 3) or `forbidden` (exit 4) when the cluster does not answer and the
 *   store knows nothing of it
 */
export async function openSource(context: Context, globals: GlobalOptions): Promise<Source> {
  void context;
  void globals;
  throw new Error('being built');
}
