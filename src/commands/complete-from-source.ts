import type { Candidate, CompletionScope, ValueKind } from './complete-values.ts';

export async function listSeenValues(
  _kind: ValueKind,
  _typed: string,
  _scope: CompletionScope,
): Promise<Candidate[]> {
  return [];
}
