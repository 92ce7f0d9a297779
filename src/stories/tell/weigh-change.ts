import { MINUTE, type Micros, type MicrosLength } from '../../lib/time.ts';
import { formatObject, nameKey } from '../../objects/object.ts';
import type { Reference } from '../references.ts';
import type { Confidence, Trouble } from '../story.ts';
import type { Atom } from './atom.ts';
import { EVICTION_ASKED_FOR } from './describe-change.ts';
import { OF_KUBERNETES } from './find-roots.ts';
import { QUIET, SKEW } from './limits.ts';

/** Something that a change may have set off: a trouble, or the rollout that something applied. */
export type SetOffTarget = Pick<Trouble, 'failure' | 'subject' | 'object' | 'related' | 'firstAt'>;

/** A change of something that is referred to, and what speaks for its having set a trouble off. */
export interface WeighedChange {
  readonly atom: Atom;
  readonly confidence: Confidence;
  readonly because: readonly string[];
}

const CHANGES: ReadonlySet<string> = new Set([
  'content-changed',
  'spec-changed',
  'created',
  'deleting',
  'deleted',
]);
const VOLUMES = ['PersistentVolumeClaim', 'PersistentVolume', 'StorageClass'];
const MOUNTED = [...VOLUMES, 'ConfigMap', 'Secret', 'Node'];
const RIGHTS = ['ServiceAccount', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];
const WEBHOOKS = ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'];
const PULLED = ['Secret', 'ServiceAccount'];

/** Changes of which kinds may set a failure off; of a failure that is not among these, of any. */
const RELEVANT: Readonly<Record<string, readonly string[]>> = {
  'image-pull': PULLED,
  'image-name': [],
  'image-never-pull': [],
  'config-missing': ['ConfigMap', 'Secret'],
  'mount-failed': MOUNTED,
  'attach-failed': MOUNTED,
  'multi-attach': MOUNTED,
  'volume-unbound': VOLUMES,
  'volume-lost': VOLUMES,
  unschedulable: [
    ...VOLUMES,
    'Node',
    'PriorityClass',
    'RuntimeClass',
    'ResourceClaim',
    'ResourceClaimTemplate',
  ],
  'quota-exceeded': ['ResourceQuota'],
  'limit-range': ['LimitRange'],
  'service-account-missing': ['ServiceAccount'],
  'admission-denied': WEBHOOKS,
  'webhook-unreachable': [...WEBHOOKS, 'Service', 'NetworkPolicy'],
  'create-failed': [...RIGHTS, 'ResourceQuota', 'LimitRange'],
  preempted: ['Pod'],
  [EVICTION_ASKED_FOR]: ['Node'],
  'node-not-ready': [],
  'node-pressure': [],
  'node-oom': [],
};

/** Kinds that nothing refers to by name, of which any change may matter to a failure. */
export const ANY_OF: Readonly<Record<string, readonly string[]>> = {
  unschedulable: ['Node'],
  'quota-exceeded': ['ResourceQuota'],
  'limit-range': ['LimitRange'],
  'create-failed': ['ResourceQuota', 'LimitRange'],
  'admission-denied': WEBHOOKS,
  'webhook-unreachable': WEBHOOKS,
};

/** What ends Pods of a Node once it is cordoned or tainted. */
export const BY_NODE: ReadonlySet<string> = new Set([EVICTION_ASKED_FOR, 'evicted']);

/** Whether any change of anything else may set such a failure off. */
export function mayBeSetOff({ failure }: Pick<Trouble, 'failure'>): boolean {
  return RELEVANT[failure]?.length !== 0;
}

/** How long before a failure a change is close. */
const CLOSE: MicrosLength = 2 * MINUTE;
const RANKS: readonly Confidence[] = ['possible', 'likely', 'sure'];

/** The key of what a trouble's error itself names, as `ConfigMap/app-config`. */
export function namedBy({ subject }: Pick<Trouble, 'subject'>): { kind: string; name: string } | undefined {
  const [, kind = '', name = ''] = /^([A-Z][A-Za-z]+)\/(\S+)$/.exec(subject) ?? [];
  return name === '' ? undefined : { kind, name };
}

/**
 * Whether a change of something that is referred to may have set a trouble off, and what speaks for it: that the error names it, that it is
 * close, and direct.
 *
 * @param reference undefined for what any change of its kind may do
 */
export function weighChange(
  atom: Atom,
  reference: Reference | undefined,
  target: SetOffTarget,
): WeighedChange | undefined {
  const { change, object } = atom;
  if (change === undefined || !CHANGES.has(change.type) || isMadeForAll(atom)) return undefined;
  const isRelated = target.related !== undefined && nameKey(target.related) === nameKey(object);
  if (OF_KUBERNETES.has(atom.by) && !isRelated) return undefined;
  if (!isShortlyBefore(atom.at, target.firstAt)) return undefined;
  const relevant = RELEVANT[target.failure];
  if (relevant !== undefined && !relevant.includes(object.kind)) return undefined;
  // What is not there is missed since it was removed, not since it was made.
  const named = namedBy(target);
  const isNamed =
    isRelated || (named !== undefined && named.kind === object.kind && named.name === object.name);
  if (isNamed && change.type === 'created' && /missing|mount|unbound/.test(target.failure)) return undefined;
  if (object.kind === 'Node' && change.type === 'created') return undefined;
  const isBefore = atom.at <= target.firstAt;
  const isClose = target.firstAt - atom.at <= CLOSE;
  const isDirect = reference?.distance === 0 && (reference.as === 'needs' || reference.as === 'runs-on');
  const because = [isNamed ? 'the error names it' : sayReference(reference)].filter(
    (clause) => clause !== '',
  );
  if (!isBefore) because.push('by the clocks it came after');
  if (isNamed && isBefore) return { atom, confidence: 'sure', because };
  return { atom, confidence: isBefore && isClose && isDirect ? 'likely' : 'possible', because };
}

/**
 * Whether a change of what the error names made a trouble well again: it came while that lasted.
 *
 * @param endedAt when it was well
 */
export function weighMending(
  atom: Atom,
  { firstAt, subject }: Pick<Trouble, 'firstAt' | 'subject'>,
  endedAt: Micros,
): WeighedChange | undefined {
  const { change, object } = atom;
  const named = namedBy({ subject });
  if (change === undefined || named?.kind !== object.kind || named.name !== object.name) return undefined;
  if (!MENDS.has(change.type) || OF_KUBERNETES.has(atom.by)) return undefined;
  if (atom.at < firstAt - SKEW || atom.at > endedAt + SKEW) return undefined;
  return { atom, confidence: 'sure', because: ['the error names it'] };
}

const MENDS: ReadonlySet<string> = new Set(['created', 'content-changed', 'spec-changed']);

/** Within the quarter of an hour before; clocks may differ. */
export function isShortlyBefore(at: Micros, before: Micros): boolean {
  return at <= before + SKEW && before - at < QUIET;
}

/** Every namespace is given these as it is made: that they are there says nothing. */
function isMadeForAll({ change, object }: Atom): boolean {
  const { kind, name } = object;
  if (change?.type !== 'created') return false;
  return (kind === 'ServiceAccount' && name === 'default') || (kind === 'ConfigMap' && OF_ALL.has(name));
}

const OF_ALL: ReadonlySet<string> = new Set(['kube-root-ca.crt', 'openshift-service-ca.crt']);

function sayReference(reference: Reference | undefined): string {
  if (reference === undefined) return '';
  const by = formatObject(reference.by);
  if (reference.as === 'runs-on') return `${by} ran on it`;
  if (reference.as === 'applied-by') return `it applies ${by}`;
  if (reference.as === 'selects') return `it selects ${by}`;
  if (reference.as === 'grants') return `it gives rights to ${by}`;
  return `${by} uses it`;
}

/** The more probable of two, then the later. */
export function isMoreProbable(a: WeighedChange, b: WeighedChange): boolean {
  const [x, y] = [RANKS.indexOf(a.confidence), RANKS.indexOf(b.confidence)];
  if (x !== y) return x > y;
  if (a.atom.at !== b.atom.at) return a.atom.at > b.atom.at;
  return a.atom.source > b.atom.source;
}
