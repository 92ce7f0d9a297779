import type { JsonObject } from '../../events/print-event.ts';
import type { Change } from '../../objects/change.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import { formatSecond, restoreConditions, restoreContainers } from './restore-parts.ts';

type Terminated = Extract<Change, { type: 'container-terminated' }>;
type Waiting = Extract<Change, { type: 'container-waiting' }>;

/** What a Pod was made of and how it ended, as far as its changes tell. */
export function restorePod({ uses }: KubernetesObject, changes: readonly Change[]): JsonObject {
  const states = readContainers(changes);
  const [only] = states.keys();
  const known = restoreContainers(changes, states.size === 1 ? only : undefined);
  const unknown = [...states.keys()].filter((name) => !known.some((one) => one.name === name));
  const containers = [...known, ...unknown.map((name) => ({ name, image: '' }))];
  const node = uses.find((use) => use.as === 'runs-on')?.name;
  const account = uses.find(({ kind, as }) => kind === 'ServiceAccount' && as === 'needs')?.name;
  return {
    spec: {
      containers,
      ...(node !== undefined && { nodeName: node }),
      ...(account !== undefined && { serviceAccountName: account }),
    },
    status: {
      phase: 'Unknown',
      conditions: restoreConditions(changes),
      containerStatuses: containers.flatMap(({ name, image }) => {
        const changed = states.get(name);
        return changed === undefined ? [] : [restoreStatus(name, image, changed)];
      }),
    },
  };
}

/** What is known of each container, in time order. Init containers are left out: which they were, nothing tells. */
function readContainers(changes: readonly Change[]): Map<string, (Terminated | Waiting)[]> {
  const containers = new Map<string, (Terminated | Waiting)[]>();
  for (const change of changes) {
    if (change.type !== 'container-terminated' && change.type !== 'container-waiting') continue;
    if (change.type === 'container-terminated' && change.init) continue;
    containers.set(change.container, [...(containers.get(change.container) ?? []), change]);
  }
  return containers;
}

function restoreStatus(name: string, image: string, changed: readonly (Terminated | Waiting)[]): JsonObject {
  const ends = changed.filter((change) => change.type === 'container-terminated');
  const last = changed.at(-1);
  const isWaiting = last?.type === 'container-waiting';
  const lastEnd = ends.at(-1);
  const beforeEnd = isWaiting ? lastEnd : ends.at(-2);
  return {
    name,
    image,
    imageID: '',
    ready: false,
    restartCount:
      Math.max(0, ...ends.map(({ restarts }) => restarts)) + (isWaiting && ends.length > 0 ? 1 : 0),
    state: isWaiting
      ? { waiting: { reason: last.reason, ...(last.message !== '' && { message: last.message }) } }
      : lastEnd === undefined
        ? {}
        : { terminated: formatEnd(lastEnd) },
    lastState: beforeEnd === undefined ? {} : { terminated: formatEnd(beforeEnd) },
  };
}

function formatEnd({ exitCode, signal, reason, message, startedAt, at }: Terminated): JsonObject {
  return {
    exitCode,
    ...(signal !== 0 && { signal }),
    reason,
    ...(message !== '' && { message }),
    startedAt: startedAt === undefined ? null : formatSecond(startedAt),
    finishedAt: formatSecond(at),
  };
}
