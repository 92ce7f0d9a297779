import type { Micros } from '../../lib/time.ts';
import type { Outcome } from '../story.ts';
import { type Plot, plotTo } from './plot.ts';
import type { FramedLife, Workload } from './workload.ts';

/** What a rollout that did not get through leaves of the other ReplicaSets; running only where that many are known to have come up. */
export function sayRemains(workload: Workload, plot: Plot, outcome: Outcome, isOpen: boolean): string[] {
  const { kind, episode } = plot;
  if (kind !== 'rollout' || episode === undefined || outcome === 'succeeded') return [];
  const to = isOpen ? Number.POSITIVE_INFINITY : plotTo(plot);
  return [...episode.remains].map(([name, size]) => {
    const isRunning = countRunning(workload.pods, name, to) >= size;
    return `${size} ${size === 1 ? 'Pod' : 'Pods'} of ${name} ${isRunning ? keep(size, isOpen) : stay(size, isOpen)}`;
  });
}

/** Pods of a ReplicaSet that had started by then, were not on their way out and had no trouble left. */
function countRunning(pods: readonly FramedLife[], replicaSet: string, to: Micros): number {
  return pods.filter(
    ({ frame, life, startedAt, endingAt, troubles }) =>
      (frame.createdBy?.object.name === replicaSet || life.object.name.startsWith(`${replicaSet}-`)) &&
      startedAt !== undefined &&
      startedAt <= to &&
      (endingAt === undefined || endingAt > to) &&
      !troubles.some(({ endedAt, topic }) => endedAt === undefined && topic !== 'probing'),
  ).length;
}

function keep(size: number, isOpen: boolean): string {
  if (!isOpen) return 'kept running';
  return size === 1 ? 'keeps running' : 'keep running';
}

function stay(size: number, isOpen: boolean): string {
  if (isOpen) return size === 1 ? 'is left' : 'are left';
  return size === 1 ? 'was left' : 'were left';
}
