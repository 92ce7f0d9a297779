import { MINUTE, type Micros, type MicrosLength } from '../lib/time.ts';
import { nameKey } from '../objects/object.ts';
import type { Sample } from './metric.ts';

/** Something of a story that has ended and can be counted. */
export interface Measure {
  /** Stable: the same however often and with what else the story is told. */
  readonly id: string;
  /** When it ended. */
  readonly endedAt: Micros;
  /** How long it must stay as it is until it counts: what is heard late may change it. */
  readonly settles: MicrosLength;
  readonly samples: readonly Sample[];
}

/** Within a minute everything is heard that a kubelet says of a start. */
export const POD_SETTLES: MicrosLength = MINUTE;
/** A rolling update may rest between two Pods until these are ready. */
export const ROLLOUT_SETTLES: MicrosLength = 5 * MINUTE;

/** Tells one incarnation of a Pod from the next of the same name. */
export function podKey(pod: Parameters<typeof nameKey>[0] & { readonly uid: string }): string {
  return `${nameKey(pod)}/${pod.uid}`;
}
