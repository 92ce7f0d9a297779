import { guessKind, type KindDictionary, type KindMeaning } from '../events/guess-kind.ts';
import { BUILTIN_KINDS, findBuiltinKind } from '../events/kind-names.ts';
import { createClock } from '../lib/clock.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import type { Context } from './context.ts';
import type { GlobalOptions } from './global-options.ts';

export { guessKind, type KindDictionary, type KindMeaning } from '../events/guess-kind.ts';

/** How long to wait for the cluster's word on a kind before going by its spelling, in milliseconds. */
const PATIENCE = 5_000;

/** What words mean to the cluster, which is asked only when one of them is not Kubernetes' own. Where it does not tell, they are guessed. */
export async function askForKinds(
  words: readonly string[],
  globals: GlobalOptions,
  context: Context,
): Promise<KindDictionary> {
  const unknown = words.filter((word) => findBuiltinKind(word) === undefined);
  if (globals.from !== undefined || globals.server !== undefined || unknown.length === 0) return guessKind;
  try {
    const known = await askCluster(unknown, globals, context);
    return (word) => known.get(word) ?? guessKind(word);
  } catch (error) {
    if (context.signal.aborted) throw error;
    return guessKind;
  }
}

async function askCluster(
  words: readonly string[],
  globals: GlobalOptions,
  context: Context,
): Promise<ReadonlyMap<string, KindMeaning>> {
  const { connect } = await import('../kube/connect.ts');
  const { findResource } = await import('../kube/discovery.ts');
  const clock = createClock(context.wallClock);
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(PATIENCE)]);
  const cluster = await connect({ ...globals, env: context.env, cwd: context.cwd, clock });
  const known = new Map<string, KindMeaning>();
  try {
    for (const word of words) {
      const found = await findResource(cluster, word, { clock, signal });
      if (found !== undefined) known.set(word, { kinds: [found.kind], clusterScoped: !found.namespaced });
    }
  } finally {
    cluster.close();
  }
  return known;
}

/** The word that was probably meant by one that is no kind of Kubernetes' own; undefined when it may well be a custom resource. */
export function suggestKind(word: string): string | undefined {
  if (findBuiltinKind(word) !== undefined) return undefined;
  const names = BUILTIN_KINDS.flatMap(({ kind, plural }) => [kind.toLowerCase(), plural]);
  return suggestSimilar(word, names)[0];
}
