import { BUILTIN_KINDS } from '../events/kind-names.ts';
import type { Context } from './context.ts';

/** What a word on the command line stands for. */
export type ValueKind =
  | 'command'
  | 'component'
  | 'context'
  | 'file'
  | 'kind'
  | 'namespace'
  | 'object'
  | 'output'
  | 'reason'
  | 'shell'
  | 'type';

/** What each flag's value is; flags not named here take what cannot be completed. */
export const FLAG_KINDS: Readonly<Record<string, ValueKind>> = {
  '--component': 'component',
  '--context': 'context',
  '--contexts': 'context',
  '--for': 'object',
  '--from': 'file',
  '--kind': 'kind',
  '--kubeconfig': 'file',
  '--namespace': 'namespace',
  '--output': 'output',
  '--reason': 'reason',
  '--store': 'file',
  '--type': 'type',
  '--unix-socket': 'file',
};

/** Kinds whose flags take several values, comma-separated. */
export const LISTED_KINDS: readonly ValueKind[] = ['component', 'kind', 'object', 'reason', 'type'];

/** One candidate, with a few words on what it is. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What the words before the one to be completed say of where to look. */
export interface CompletionScope {
  readonly context: Context;
  /** The global flags so far, as commander parsed them. */
  readonly flags: Readonly<Record<string, unknown>>;
  /** The command's valid `-o` values. */
  readonly outputs: readonly string[];
}

/** All candidates for a value, those that do not fit what was typed included. Never throws: a cluster that does not answer has none. */
export async function listValues(
  kind: ValueKind,
  typed: string,
  scope: CompletionScope,
): Promise<Candidate[]> {
  switch (kind) {
    case 'output':
      return scope.outputs.map((value) => ({ value, description: '' }));
    case 'shell':
      return ['bash', 'zsh', 'fish'].map((value) => ({
        value,
        description: `the completion script for ${value}`,
      }));
    case 'type':
      return ['Normal', 'Warning'].map((value) => ({ value, description: '' }));
    case 'kind':
      return listKinds('');
    case 'object':
      if (!typed.includes('/')) return listKinds('/');
  }
  return await listSeenValues(kind, typed, scope);
}

/** Values that only the cluster, the store or the file knows. */
async function listSeenValues(kind: ValueKind, typed: string, scope: CompletionScope): Promise<Candidate[]> {
  try {
    const seen = await import('./complete-from-source.ts');
    return await seen.listSeenValues(kind, typed, scope);
  } catch {
    return [];
  }
}

/** The kinds that Events are sent about, by the names kubectl's users type. */
function listKinds(suffix: string): Candidate[] {
  return BUILTIN_KINDS.map(({ kind, shortNames }) => ({
    value: `${kind.toLowerCase()}${suffix}`,
    description: shortNames.length === 0 ? kind : `${kind} (${shortNames.join(', ')})`,
  }));
}
