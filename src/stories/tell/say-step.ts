import { formatObject } from '../../objects/object.ts';
import type { Atom } from './atom.ts';
import { shortenMessage } from './shorten-message.ts';

type Wording = readonly [reason: string, matches: RegExp, says: string];

const STATUS = /^Node \S+ status is now: (\S+)$/;

/** What is asked for comes before the error, as JSON. */
const RESIZE = /^Pod resize \w+: \{.*"error":"((?:[^"\\]|\\.)*)"\}$/s;

/** Messages that versions word differently, or that repeat what their place in the story tells. `$container` is the container's name. */
const WORDINGS: readonly Wording[] = [
  ['Scheduled', /^Successfully assigned \S+ to (\S+)$/, 'Scheduled to $1'],
  ['SuccessfulCreate', /^Created pod: (\S+)$/, 'Created pod $1'],
  ['SuccessfulDelete', /^Deleted pod: (\S+)$/, 'Deleted pod $1'],
  ['SuccessfulCreate', /^create Pod (\S+) in StatefulSet \S+ successful$/i, 'Created pod $1'],
  ['SuccessfulDelete', /^delete Pod (\S+) in StatefulSet \S+ successful$/i, 'Deleted pod $1'],
  ['SuccessfulCreate', /^create Claim (\S+) Pod \S+ in StatefulSet \S+ success$/i, 'Created claim $1'],
  ['SawCompletedJob', /^Saw completed job: ([^\s,]+), (?:status|condition): (\w+)$/, 'Saw job $1 end: $2'],
  ['NodeNotReady', STATUS, '$1'],
  ['NodeReady', STATUS, '$1'],
  ['NodeSchedulable', STATUS, '$1'],
  ['NodeNotSchedulable', STATUS, '$1'],
  ['NodeHasSufficientMemory', STATUS, '$1'],
  ['NodeHasInsufficientMemory', STATUS, '$1'],
  ['NodeHasNoDiskPressure', STATUS, '$1'],
  ['NodeHasDiskPressure', STATUS, '$1'],
  ['NodeHasSufficientPID', STATUS, '$1'],
  ['NodeHasInsufficientPID', STATUS, '$1'],
  ['Pulled', /^Container image "([^"]+)" already present on machine.*$/, 'Image "$1" was there already'],
  ['Pulled', /^Successfully pulled image ("[^"]+").*?(?:Image size: \d+ bytes\.)?$/s, 'Pulled image $1'],
  ['Created', /^(?:Created container \S+|Container created)$/, 'Created container $container'],
  ['Started', /^(?:Started container \S+|Container started)$/, 'Started container $container'],
  ['BackOff', /^Back-off restarting failed container.*$/s, 'Back-off restarting container $container'],
  ['ResizeStarted', /^Pod resize started: \{.*\}$/s, 'Resize started'],
  ['ResizeCompleted', /^Pod resize completed: \{.*\}$/s, 'Resize completed'],
  ['ResizeDeferred', RESIZE, 'Resize deferred: $1'],
  ['ResizeInfeasible', RESIZE, 'Resize infeasible: $1'],
  ['ResizeError', RESIZE, 'Resize failed: $1'],
  ['Killing', /^FailedPostStartHook$/, 'Stopping container $container: its postStart hook failed'],
];

interface Phrase {
  readonly matches: RegExp;
  /** In turns what is said as it is, and the name of what is filled in. */
  readonly parts: readonly string[];
}

const BY_REASON: ReadonlyMap<string, readonly Phrase[]> = new Map(
  [...Map.groupBy(WORDINGS, ([reason]) => reason)].map(([reason, wordings]) => [
    reason,
    wordings.map(([, matches, says]) => ({ matches, parts: says.split(/\$(\d|container)/) })),
  ]),
);
const NONE: readonly Phrase[] = [];

/** `Preempted by pod batch-1 on node node-3`: since Kubernetes 1.26 the message has only the uid of that Pod, its name stands beside it. */
function sayPreemption({ message, event, object }: Atom): string {
  const { kind = '', name = '', namespace = '' } = event?.related ?? {};
  if (kind !== 'Pod' || name === '') return shortenMessage(message);
  const where = namespace === object.namespace ? '' : `${namespace}/`;
  return message.replace(/^Preempted by pod [0-9a-f-]{36}/, `Preempted by pod ${where}${name}`);
}

/** What a step says where it is told of another object than its surroundings: which fields of a spec were changed says nothing of whose. */
export function sayOfOther(atom: Atom): string {
  const { change, object } = atom;
  return change?.type === 'spec-changed' ? `${formatObject(object)}: ${sayStep(atom)}` : sayStep(atom);
}

/** What a step says, in one line. */
export function sayStep(atom: Atom): string {
  const { reason, message, container } = atom;
  if (reason.failure === 'preempted') return sayPreemption(atom);
  for (const { matches, parts } of BY_REASON.get(reason.reason) ?? NONE) {
    const groups = matches.exec(message);
    if (groups !== null) return fillIn(parts, groups, container);
  }
  return shortenMessage(message);
}

function fillIn(parts: readonly string[], groups: RegExpExecArray, container: string): string {
  let says = parts[0] ?? '';
  for (let index = 1; index < parts.length; index += 2) {
    const key = parts[index];
    says += key === 'container' ? container : (groups[Number(key)] ?? '');
    says += parts[index + 1] ?? '';
  }
  return says;
}
