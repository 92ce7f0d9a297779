import type { RecordedEvent } from '../events/event.ts';
import { stableId } from '../stories/tell/stable-id.ts';
import { podKey } from './measure.ts';

/** Which containers of Pods are init containers: a Pod has not started when these have. */
export interface InitContainers {
  learn(record: RecordedEvent): void;
  /** @param pod by `podKey` */
  has(pod: string, container: string): boolean;
}

const INIT = /^spec\.initContainers\{(.+)\}$/;

/** @param most containers that are remembered, those heard of last */
export function createInitContainers(most = 50_000): InitContainers {
  const known = new Set<string>();
  return {
    learn({ cluster, event }) {
      const { kind, namespace, name, uid, fieldPath } = event.involvedObject;
      const container = kind === 'Pod' ? INIT.exec(fieldPath)?.[1] : undefined;
      if (container === undefined) return;
      const key = stableId(`${podKey({ cluster, kind, namespace, name, uid })}/${container}`);
      known.delete(key);
      known.add(key);
      const [oldest] = known;
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    },
    has: (pod, container) => known.has(stableId(`${pod}/${container}`)),
  };
}
