import { createClock } from '../lib/clock.ts';
import type { Context } from './context.ts';
import type { GlobalOptions } from './global-options.ts';

/** How long to wait for the cluster before going by the record alone, in milliseconds. */
const PATIENCE = 5_000;

/** The hash by which a static Pod's Events name it (kubelet). */
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Asks the cluster for the uid of an object, by its metadata alone. A static Pod has a second one, by which its kubelet's Events go.
 *
 * @returns undefined when it is not there, or the cluster does not tell: the record has to do
 */
export async function readObjectUids(
  wish: { readonly kind: string; readonly namespace: string; readonly name: string },
  globals: GlobalOptions,
  context: Context,
): Promise<readonly string[] | undefined> {
  const { connect } = await import('../kube/connect.ts');
  const { getObjectMetadata } = await import('../kube/get-object.ts');
  const clock = createClock(context.wallClock);
  const cluster = await connect({ ...globals, env: context.env, cwd: context.cwd, clock });
  try {
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE)]);
    const found = await getObjectMetadata(cluster, wish, { clock, signal });
    const uids = [found?.uid ?? '', found?.annotations[MIRROR] ?? ''].filter((uid) => uid !== '');
    return uids.length === 0 ? undefined : uids;
  } catch (error) {
    if (context.signal.aborted) throw error;
    return undefined;
  } finally {
    cluster.close();
  }
}
