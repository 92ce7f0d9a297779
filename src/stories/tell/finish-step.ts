import type { Occurrence } from '../../events/event.ts';
import type { ObjectId } from '../object.ts';
import type { Severity, Step } from '../story.ts';
import type { Atom } from './atom.ts';
import { type Draft, lastOf, objectOf, originOf } from './draft.ts';
import { sayStep } from './say-step.ts';
import { stableId } from './stable-id.ts';

const NOBODY: ObjectId = { cluster: '', apiVersion: '', kind: '', namespace: '', name: '', uid: '' };

/** Makes the step that a draft came to be, and all below it. */
export function finishStep(draft: Draft, parent?: Draft): Step {
  const object = objectOf(draft) ?? NOBODY;
  const steps = draft.children.map((child) => finishStep(child, draft));
  const common = {
    id: stableId(`${object.cluster}/${originOf(draft)}`),
    object,
    outcome: draft.outcome,
    endsAt: draft.endsAt,
    steps,
  };
  const [first] = draft.atoms;
  return first === undefined
    ? { ...inferredStep(draft), ...common }
    : { ...toldStep(draft, first, parent), ...common };
}

type Own = Omit<Step, 'id' | 'object' | 'outcome' | 'endsAt' | 'steps'>;

function toldStep(draft: Draft, first: Atom, parent: Draft | undefined): Own {
  const telling = draft.atoms.filter((atom) => atom.message !== '');
  const last = telling.at(-1)?.message ?? '';
  return {
    source: first.change === undefined ? 'event' : 'change',
    container: first.container,
    type: first.event?.type ?? '',
    reason: first.reason.reason,
    message: first.message,
    lastMessage: last === first.message ? '' : last,
    says: sayStep(first),
    by: first.by,
    host: first.host,
    at: first.at,
    precise: first.precise,
    lastAt: lastOf(draft),
    count: draft.atoms.reduce((sum, atom) => sum + atom.count, 0),
    occurrences: draft.atoms.map(toOccurrence),
    severity: severityOf(draft, first),
    echo: first.reason.echo === true,
    took: tookOf(draft, first, parent),
    sources: [...new Set(draft.atoms.map((atom) => atom.source))],
  };
}

function inferredStep(draft: Draft): Own {
  const { at = 0, says = '' } = draft.inferred ?? {};
  return {
    source: 'inferred',
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
    took: draft.endsAt === undefined ? undefined : draft.endsAt - at,
    sources: [],
  };
}

function toOccurrence({ at, count, message }: Atom): Occurrence {
  return { at, count, message };
}

/** A failure that belongs to being stopped is none. */
function severityOf(draft: Draft, first: Atom): Severity {
  const { severity } = first.reason;
  return draft.isExpected && severity !== 'info' ? 'notice' : severity;
}

function tookOf(draft: Draft, first: Atom, parent: Draft | undefined): Step['took'] {
  const { topic, does } = first.reason;
  const madeAt = parent?.atoms[0]?.claim?.does === 'creates' ? parent.atoms[0].at : undefined;
  if (topic === 'scheduling' && does === 'ends')
    return madeAt === undefined ? undefined : Math.max(0, first.at - madeAt);
  return draft.endsAt === undefined ? undefined : Math.max(0, draft.endsAt - first.at);
}
