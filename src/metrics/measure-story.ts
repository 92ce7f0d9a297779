import { SECOND } from '../lib/time.ts';
import type { Step, Story } from '../stories/story.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import { type Measure, podKey, ROLLOUT_SETTLES } from './measure.ts';
import { measurePod, type PodSteps } from './measure-pod.ts';

/**
 * What can be measured of a story as far as it is told: the starts of its Pods, the pulls of their images, and of a rollout that is over how
 * long it took and how it came out.
 *
 * @param isInit whether a container of a Pod (by `podKey`) is an init container
 */
export function measureStory(story: Story, isInit: (pod: string, container: string) => boolean): Measure[] {
  const measures = measureRollout(story);
  for (const [key, pod] of gatherPods(story.steps)) measures.push(...measurePod(key, pod, isInit));
  return measures;
}

function measureRollout({ id, kind, object, outcome, from, endsAt }: Story): Measure[] {
  if (kind !== 'rollout' || endsAt === undefined || outcome === 'in progress') return [];
  const labels = { kind: object.kind, namespace: object.namespace, outcome };
  const value = (endsAt - from) / SECOND;
  return [
    {
      id: stableId(`rollout/${object.cluster}/${id}`),
      endedAt: endsAt,
      settles: ROLLOUT_SETTLES,
      samples: [
        { metric: 'hark_rollout_seconds', labels, value },
        { metric: 'hark_rollouts_total', labels, value: 1 },
      ],
    },
  ];
}

function gatherPods(steps: readonly Step[], pods = new Map<string, PodSteps>()): Map<string, PodSteps> {
  for (const step of steps) {
    if (step.object.kind === 'Pod' && step.source === 'event') {
      const key = podKey(step.object);
      const pod = pods.get(key) ?? [];
      pods.set(key, pod);
      pod.push(step);
    }
    gatherPods(step.steps, pods);
  }
  return pods;
}
