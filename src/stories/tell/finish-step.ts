import type { ObjectId } from '../../objects/object.ts';
import type { Severity, Step } from '../story.ts';
import { type Atom, occurrencesOf } from './atom.ts';
import { type Draft, stepIdOf } from './draft.ts';
import { sayOfOther, sayStep } from './say-step.ts';

const NOBODY: ObjectId = { cluster: '', apiVersion: '', kind: '', namespace: '', name: '', uid: '' };

/** Makes the step that a draft came to be, and all below it. */
export function finishStep(draft: Draft, parent?: Draft): Step {
  const [first] = draft.atoms;
  return first === undefined ? finishInferred(draft) : finishTold(draft, first, parent);
}

const NONE: readonly Step[] = [];

function stepsOf(draft: Draft): readonly Step[] {
  return draft.children.length === 0 ? NONE : draft.children.map((child) => finishStep(child, draft));
}

function finishTold(draft: Draft, first: Atom, parent: Draft | undefined): Step {
  const last = draft.atoms.at(-1) ?? first;
  const lastMessage = last.message === first.message ? '' : last.message;
  return {
    id: stepIdOf(draft),
    source: first.change === undefined ? 'event' : 'change',
    object: first.object,
    container: first.container,
    type: first.event?.type ?? '',
    reason: first.reason.reason,
    message: first.message,
    lastMessage,
    says: draft.told === undefined ? sayStep(first) : `${sayOfOther(first)}; ${draft.told.remark}`,
    by: first.by,
    host: first.host,
    at: first.at,
    precise: first.precise,
    lastAt: last.at,
    count: countOf(draft.atoms),
    occurrences: occurrencesOf(draft.atoms),
    severity: severityOf(draft, first),
    echo: first.reason.echo === true,
    outcome: draft.outcome,
    endsAt: draft.endsAt,
    took: tookOf(draft, first, parent),
    steps: stepsOf(draft),
    sources: sourcesOf(draft.atoms),
  };
}

/** Each once; only a repeat can have been there before. */
function sourcesOf(atoms: readonly Atom[]): string[] {
  const sources = atoms.map((atom) => atom.source);
  return atoms.some((atom) => atom.index > 0) ? [...new Set(sources)] : sources;
}

function countOf(atoms: readonly Atom[]): number {
  let sum = 0;
  for (const { count } of atoms) sum += count;
  return sum;
}

function finishInferred(draft: Draft): Step {
  const { at = 0, says = '', object = NOBODY } = draft.inferred ?? {};
  return {
    id: stepIdOf(draft),
    source: 'inferred',
    object,
    container: '',
    type: '',
    reason: '',
    message: '',
    lastMessage: '',
    says,
    by: '',
    host: '',
    at,
    precise: false,
    lastAt: at,
    count: 1,
    occurrences: [{ at, count: 1, message: '' }],
    severity: 'info',
    echo: false,
    outcome: draft.outcome,
    endsAt: draft.endsAt,
    took: draft.endsAt === undefined ? undefined : draft.endsAt - at,
    steps: stepsOf(draft),
    sources: [],
  };
}

function severityOf(draft: Draft, first: Atom): Severity {
  const { severity } = first.reason;
  return draft.isMinor && severity !== 'info' ? 'notice' : severity;
}

function tookOf(draft: Draft, first: Atom, parent: Draft | undefined): Step['took'] {
  const { topic, does } = first.reason;
  const madeAt = parent?.atoms[0]?.claim?.does === 'creates' ? parent.atoms[0].at : undefined;
  if (topic === 'scheduling' && does === 'ends')
    return madeAt === undefined ? undefined : Math.max(0, first.at - madeAt);
  return draft.endsAt === undefined ? undefined : Math.max(0, draft.endsAt - first.at);
}
