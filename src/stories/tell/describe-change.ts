import type { Change, FieldChange } from '../../objects/change.ts';
import { formatObject } from '../../objects/object.ts';
import type { Reason } from '../catalogue/reason.ts';

type ConditionChange = Extract<Change, { type: 'condition-changed' }>;

/** The failure that an eviction is which somebody asked for: no trouble, but an end that another Pod makes up for. */
export const EVICTION_ASKED_FOR = 'eviction-asked-for';

export interface DescribedChange {
  readonly message: string;
  readonly container: string;
  readonly reason: Reason;
}

/** What a change says as a step: its words, and what they mean for the matters that Events speak of. */
export function describeChange(change: Change): DescribedChange {
  const say = (message: string, reason: Omit<Reason, 'reason'>, container = ''): DescribedChange => ({
    message,
    container,
    reason: { reason: change.type, ...reason },
  });
  const what = formatObject(change.object);
  switch (change.type) {
    case 'created':
      return say(`${what} created`, {
        means: 'The object was created.',
        severity: 'info',
        rank: 0,
        silent: true,
      });
    case 'deleting':
      return say(`${what} is to be deleted`, {
        means: 'Its deletion was asked for.',
        severity: 'notice',
        rank: 12,
        silent: true,
      });
    case 'deleted':
      return say(`${what} deleted`, {
        means: 'The object is gone.',
        severity: 'notice',
        rank: 19,
        closes: ['killing'],
        silent: true,
      });
    case 'spec-changed':
      return say(change.fields.map(describeField).join(', ') || 'spec changed', {
        means: 'What the object should be was changed.',
        severity: 'notice',
        rank: 0,
      });
    case 'content-changed':
      return say(`${what} changed${change.keys.length > 0 ? `: ${change.keys.join(', ')}` : ''}`, {
        means: 'Its contents were changed.',
        severity: 'notice',
        rank: 0,
      });
    case 'condition-changed':
      if (isEvictionAsked(change)) return say('Evicted through the API, as a drain does', EVICTION_ASKED);
      return say(
        `${change.condition} is ${change.to}${change.reason === '' ? '' : ` (${change.reason})`}${change.message === '' ? '' : `: ${change.message}`}`,
        describeCondition(change),
      );
    case 'container-waiting':
      return say(
        `${change.reason}${change.message === '' ? '' : `: ${change.message}`}`,
        meaningOfWaiting(change.reason, change.message),
        change.container,
      );
    case 'container-terminated':
      return say(describeTermination(change), meaningOfTermination(change), change.container);
  }
}

/** `image a → b`, `replicas 2 → 5`; of a path `env of web`, `nodeSelector`. */
export function describeField(field: FieldChange): string {
  const name = field.container === '' ? sayPath(field.field) : `${field.field} of ${field.container}`;
  if (field.from === '' && field.to === '') return name;
  if (field.from === '') return `${name} ${field.to}`;
  return `${name} ${field.from} → ${field.to || '(none)'}`;
}

/** A path without what all workloads have in common: `template.spec.containers[web].env` is `env of web`. */
function sayPath(path: string): string {
  const ofContainer = /(?:^|\.)(?:init|ephemeral)?[cC]ontainers\[([^\]]+)\](?:\.(.+))?$/.exec(path);
  if (ofContainer !== null)
    return ofContainer[2] === undefined
      ? `container ${ofContainer[1]}`
      : `${ofContainer[2]} of ${ofContainer[1]}`;
  return path.replace(/^(?:jobTemplate\.spec\.)?template\.(?:spec|metadata)\./, '');
}

type Termination = Extract<Change, { type: 'container-terminated' }>;

function describeTermination(change: Termination): string {
  const name = change.init ? `Init container ${change.container}` : `Container ${change.container}`;
  const how =
    change.signal > 0 ? `was ended by signal ${change.signal}` : `exited with code ${change.exitCode}`;
  const why = change.reason === '' || change.reason === 'Completed' ? '' : ` (${change.reason})`;
  return `${name} ${how}${why}${change.message === '' ? '' : `: ${change.message}`}`;
}

function meaningOfTermination(change: Termination): Omit<Reason, 'reason'> {
  // Told in whole seconds: what came before it in that second was heard of already.
  const base = { rank: 23 };
  if (change.reason === 'OOMKilled')
    return {
      ...base,
      means: 'The container used more memory than its limit and was killed.',
      severity: 'error',
      topic: 'running',
      does: 'fails',
      failure: 'oom-killed',
      over: 'quiet',
    };
  if (change.reason === 'ContainerStatusUnknown')
    return { ...base, means: 'How the container ended is not known.', severity: 'info', echo: true };
  if (change.exitCode === 0 && change.signal === 0)
    return { ...base, means: 'The container’s process ended well.', severity: 'info' };
  const neverRan = change.reason === 'StartError' || change.reason === 'ContainerCannotRun';
  return {
    ...base,
    means: 'The container’s process ended with a failure.',
    severity: 'error',
    topic: neverRan ? 'starting' : 'running',
    does: 'fails',
    failure: neverRan ? 'start-failed' : 'crashed',
    over: 'quiet',
    // The kubelet's own Event says the same.
    echo: neverRan,
  };
}

/** A container's state while it cannot run. What its Events say is closer, where there are any. */
function meaningOfWaiting(reason: string, message: string): Omit<Reason, 'reason'> {
  const base = {
    means: 'The container waits.',
    severity: 'error',
    does: 'fails',
    echo: true,
    rank: 13,
  } as const;
  switch (reason) {
    case 'CrashLoopBackOff':
      return { ...base, topic: 'running', failure: 'crash-loop', over: 'quiet' };
    case 'InvalidImageName':
      return { ...base, topic: 'pulling', failure: 'image-name' };
    case 'ErrImageNeverPull':
      return { ...base, topic: 'pulling', failure: 'image-never-pull' };
    case 'CreateContainerConfigError':
      return {
        ...base,
        topic: 'configuring',
        failure: /runAsNonRoot|non-numeric user/.test(message) ? 'runs-as-root' : 'config-missing',
      };
    case 'CreateContainerError':
    case 'RunContainerError':
      return { ...base, topic: 'starting', failure: 'start-failed' };
    default:
      return { ...base, topic: 'pulling', failure: 'image-pull' };
  }
}

/** Kubernetes tells of it by no Event (pkg/registry/core/pod/storage/eviction.go). */
function isEvictionAsked({ object, condition, to, reason }: ConditionChange): boolean {
  return (
    object.kind === 'Pod' &&
    condition === 'DisruptionTarget' &&
    to === 'True' &&
    reason === 'EvictionByEvictionAPI'
  );
}

const EVICTION_ASKED: Omit<Reason, 'reason'> = {
  means:
    'Someone asked to evict the Pod, most often to drain its Node, and its disruption budgets let it go.',
  severity: 'notice',
  topic: 'disruption',
  does: 'fails',
  failure: EVICTION_ASKED_FOR,
  rank: 12,
};

function describeCondition(change: ConditionChange): Omit<Reason, 'reason'> {
  // Told in whole seconds: what made it change was heard of before.
  const base = { means: 'A condition of the object changed.', rank: 24 };
  const { condition, to } = change;
  if (change.object.kind === 'Pod' && condition === 'Ready' && to === 'True')
    return { ...base, severity: 'info', silent: true, closes: ['probing', 'running', 'hooks', 'starting'] };
  if (change.object.kind === 'Node' && condition === 'Ready')
    return to === 'True'
      ? { ...base, severity: 'info', silent: true, topic: 'node-ready', does: 'ends' }
      : {
          ...base,
          severity: 'error',
          topic: 'node-ready',
          does: 'fails',
          failure: 'node-not-ready',
          echo: true,
        };
  if (condition === 'Bound' && to === 'True')
    return { ...base, severity: 'info', silent: true, topic: 'binding', does: 'ends' };
  if (condition === 'Progressing' && to === 'False')
    return { ...base, severity: 'error', topic: 'rollout', does: 'fails', failure: 'rollout-stuck' };
  if (condition === 'Progressing' && change.reason === 'NewReplicaSetAvailable')
    return { ...base, severity: 'info', silent: true, topic: 'rollout', does: 'ends' };
  return { ...base, severity: 'info', silent: true };
}
