import { findBuiltinKind } from './kind-names.ts';

/** What a word for a kind (`deploy`, `rollouts.argoproj.io`) means. */
export interface KindMeaning {
  /** The Kinds it may mean: one when that is known, the likely ones otherwise. */
  readonly kinds: readonly [string, ...string[]];
  /** Whether it is known to live in no namespace. */
  readonly clusterScoped: boolean;
}

export type KindDictionary = (word: string) => KindMeaning;

/** What a word means without asking anyone: Kubernetes' own kinds are known, those of custom resources are guessed from their plural. */
export function guessKind(word: string): KindMeaning {
  const builtin = findBuiltinKind(word);
  if (builtin !== undefined) return { kinds: [builtin.kind], clusterScoped: !builtin.namespaced };
  const name = word.split('.')[0] ?? word;
  const singulars = [/ies$/i, /es$/i, /s$/i]
    .filter((ending) => ending.test(name))
    .map((ending) => name.replace(ending, ending.source === 'ies$' ? 'y' : ''));
  return { kinds: [name, ...singulars], clusterScoped: false };
}
