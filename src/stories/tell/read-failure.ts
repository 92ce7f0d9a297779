import type { Atom } from './atom.ts';
import type { OpenTrouble } from './follow-matters.ts';
import { readImageFailure } from './read-image-failure.ts';
import { readMetricsFailure } from './read-metrics-failure.ts';
import { readAttachFailure, readMountFailure } from './read-mount-failure.ts';
import { readNodeOom, readPressure } from './read-node-failure.ts';
import { readRefusal } from './read-refusal.ts';
import { readSandboxFailure } from './read-sandbox-failure.ts';
import { readScheduling } from './read-scheduling.ts';
import { sayStep } from './say-step.ts';
import { shortenMessage } from './shorten-message.ts';

/** What went wrong, as a person says it. */
export interface Failure {
  /** The word that findings go by: the catalogue's, or a closer one where the message tells more. */
  readonly failure: string;
  /** What it is about: the image, the ConfigMap, the quota…; empty where there is nothing to tell it apart by. */
  readonly subject: string;
  /** In one line. */
  readonly says: string;
}

/** Reads out of a trouble's messages what went wrong, most telling message first. */
export function readFailure(trouble: OpenTrouble): Failure {
  const telling =
    trouble.atoms.find((atom) => !atom.reason.echo && atom.reason.severity === 'error') ??
    trouble.atoms.find((atom) => !atom.reason.echo) ??
    trouble.atoms[0];
  const failure = telling?.reason.failure ?? 'warning';
  const message = telling?.message ?? '';
  const container = trouble.container;
  const object = telling?.object;
  switch (failure) {
    case 'image-pull':
    case 'image-name':
    case 'image-never-pull':
      return readImageFailure(
        failure,
        trouble.atoms.map((atom) => atom.message),
      );
    case 'mount-failed':
      return readMountFailure(message);
    case 'unschedulable':
      return object?.kind === 'Pod' || object?.kind === 'DaemonSet'
        ? readWaiting(message, latestOf(trouble, telling)?.message ?? message)
        : { failure, subject: '', says: `no Node can be made: ${sayNodeClaim(message)}` };
    case 'volume-unbound':
      return readUnbound(object?.name ?? '', message);
    case 'create-failed':
      return readRefusal(message);
    case 'config-missing':
      return readMissingConfig(message);
    case 'crash-loop':
    case 'crashed':
    case 'oom-killed':
      return readCrash(trouble, container);
    case 'runs-as-root':
      return {
        failure,
        subject: container,
        says: `container ${container} may not run as root, but its image would`,
      };
    case 'start-failed':
      return {
        failure,
        subject: container,
        says: `container ${container} can't be started: ${shortenMessage(endMessageOf(telling) || message)}`,
      };
    case 'hook-failed':
      return { failure, subject: container, says: `container ${container}'s postStart hook fails` };
    case 'liveness-failing':
    case 'readiness-failing':
    case 'startup-failing':
      return {
        failure,
        subject: container,
        says: `container ${container}: ${lowerFirst(shortenMessage(message))}`,
      };
    case 'node-not-ready':
      return {
        failure,
        subject: object?.kind === 'Node' ? object.name : '',
        says: object?.kind === 'Node' ? `Node ${object.name} does not report` : 'its Node does not report',
      };
    case 'node-oom':
      return readNodeOom(failure, object?.name ?? '', message);
    case 'node-pressure':
      return readPressure(failure, object?.name ?? '', telling?.reason.reason ?? '', message);
    case 'multi-attach':
    case 'attach-failed':
      return readAttachFailure(failure, message);
    case 'sandbox-failed':
    case 'network-not-ready':
      if (object?.kind !== 'Pod') return { failure, subject: '', says: lowerFirst(shortenMessage(message)) };
      return readSandboxFailure(failure, telling?.reason.reason ?? '', message);
    case 'metrics-missing':
      return readMetricsFailure(failure, message);
    case 'rollout-stuck':
      return { failure, subject: '', says: readStuck(message) };
    case 'not-admitted':
      return { failure, subject: '', says: `its Node refused it: ${shortenMessage(message)}` };
    case 'evicted':
      return { failure, subject: '', says: `it was evicted${readEviction(message)}` };
    case 'preempted':
      return { failure, subject: '', says: telling === undefined ? '' : lowerFirst(sayStep(telling)) };
    case 'resize-failed':
      return { failure, subject: '', says: sayResize(message) };
    case 'warning':
      return { failure, subject: '', says: `${telling?.reason.reason ?? ''}: ${shortenMessage(message)}` };
    default:
      return { failure, subject: '', says: lowerFirst(shortenMessage(message)) };
  }
}

/** The latest that was said in the same way. */
function latestOf(trouble: OpenTrouble, telling: Atom | undefined): Atom | undefined {
  return trouble.atoms.findLast((atom) => atom.reason === telling?.reason);
}

/** Why a Pod has no Node: which Nodes there are, and what is free on them, changes while it waits. */
function readWaiting(first: string, last: string): Failure {
  const [begun, now] = [readScheduling(first), readScheduling(last)];
  const isSame = begun.failure === now.failure && now.subject === '';
  return isSame ? { ...begun, says: now.says } : begun;
}

/** What keeps a Node from being made, which the NodeClaim's own name says nothing of. */
function sayNodeClaim(message: string): string {
  return lowerFirst(shortenMessage(message.replace(/^Node(?:Claim|Pool) \S+ event: /, '')));
}

/** What a container that never ran left as its last words. */
function endMessageOf(atom: Atom | undefined): string {
  return atom?.change?.type === 'container-terminated' ? atom.change.message : '';
}

/** `Progressing is False (ProgressDeadlineExceeded): ReplicaSet "web-1" has timed out progressing.` */
function readStuck(message: string): string {
  const [, set = ''] = /ReplicaSet "([^"]+)" has timed out progressing/.exec(message) ?? [];
  return set === '' ? lowerFirst(shortenMessage(message)) : `its rollout to ${set} got stuck`;
}

/** Why a running Pod does not get other resources; which it wants comes before, as JSON. */
function sayResize(message: string): string {
  const [, how = '', error = ''] =
    /^Pod resize (\w+): \{.*"error":"((?:[^"\\]|\\.)*)"\}$/s.exec(message) ?? [];
  if (error === '') return lowerFirst(shortenMessage(message));
  return `its resources can't be changed${how === 'Deferred' ? ' for now' : ''}: ${error}`;
}

/** Why a Pod was evicted; of those that say only that they were, nothing. */
function readEviction(message: string): string {
  return /^Marking for deletion/.test(message) ? '' : `: ${lowerFirst(shortenMessage(message))}`;
}

/** Why a claim has no volume. */
function readUnbound(claim: string, message: string): Failure {
  const failure = 'volume-unbound';
  const [, missing = ''] = /storageclass[^"]* "([^"]+)" not found/i.exec(message) ?? [];
  if (missing !== '')
    return {
      failure,
      subject: `StorageClass/${missing}`,
      says: `StorageClass "${missing}" is not there (claim ${claim})`,
    };
  return {
    failure,
    subject: `PersistentVolumeClaim/${claim}`,
    says: `claim ${claim} gets no volume: ${shortenMessage(message)}`,
  };
}

function readMissingConfig(message: string): Failure {
  const [, key = '', kind = '', name = ''] =
    /couldn't find key (\S+) in (ConfigMap|Secret) (?:\S+\/)?(\S+)/i.exec(message) ?? [];
  if (key !== '')
    return {
      failure: 'config-missing',
      subject: `${kind}/${name}`,
      says: `${kind} "${name}" has no key "${key}"`,
    };
  const [, missing = '', called = ''] = /(configmap|secret)s? "([^"]+)" not found/i.exec(message) ?? [];
  if (called === '') return { failure: 'config-missing', subject: '', says: shortenMessage(message) };
  const proper = missing.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap';
  return {
    failure: 'config-missing',
    subject: `${proper}/${called}`,
    says: `${proper} "${called}" is not there`,
  };
}

/** How a container keeps ending: by what its terminations tell, where these are known. */
function readCrash(trouble: OpenTrouble, container: string): Failure {
  const ends = trouble.atoms
    .map((atom) => atom.change)
    .filter((change) => change?.type === 'container-terminated');
  const last = ends.findLast((end) => end.reason === 'OOMKilled') ?? ends.at(-1);
  const who = container === '' ? 'its container' : `container ${container}`;
  const isLoop = trouble.atoms.some((atom) => atom.reason.failure === 'crash-loop');
  const does = isLoop ? 'keeps crashing' : 'crashed';
  const [quiet] = trouble.ends;
  if (last === undefined && quiet !== undefined)
    return {
      failure: 'crash-loop',
      subject: container,
      says: `${who} keeps ending (exit code 0) although it should go on`,
    };
  if (last === undefined) return { failure: 'crash-loop', subject: container, says: `${who} ${does}` };
  if (last.reason === 'OOMKilled')
    return {
      failure: 'oom-killed',
      subject: container,
      says: `${who} ${isLoop ? 'keeps running' : 'ran'} out of memory (OOMKilled, exit code ${last.exitCode})`,
    };
  const code = last.signal > 0 ? `signal ${last.signal}` : `exit code ${last.exitCode}`;
  if (last.reason === 'StartError' || last.reason === 'ContainerCannotRun')
    return {
      failure: 'start-failed',
      subject: container,
      says: `${who} can't be started: ${shortenMessage(last.message)}`,
    };
  return { failure: isLoop ? 'crash-loop' : 'crashed', subject: container, says: `${who} ${does} (${code})` };
}

export function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
