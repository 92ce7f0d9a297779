import type { Event } from '../../events/event.ts';
import { ADD_ONS } from './add-ons.ts';
import { AUTOSCALING } from './autoscaling.ts';
import { CERTIFICATES } from './certificates.ts';
import { CLUSTER } from './cluster.ts';
import { CONTAINERS } from './containers.ts';
import { GITOPS } from './gitops.ts';
import { guessReason } from './guess-reason.ts';
import { JOBS } from './jobs.ts';
import { NODES } from './nodes.ts';
import { PODS } from './pods.ts';
import type { Reason } from './reason.ts';
import { SCHEDULING } from './scheduling.ts';
import { SERVICES } from './services.ts';
import { VOLUMES } from './volumes.ts';
import { WORKLOADS } from './workloads.ts';

/** Every reason that Hark knows the meaning of; of several for one reason the first that fits holds. */
export const REASONS: readonly Reason[] = [
  ...PODS,
  ...CONTAINERS,
  ...SCHEDULING,
  ...WORKLOADS,
  ...JOBS,
  ...VOLUMES,
  ...NODES,
  ...AUTOSCALING,
  ...SERVICES,
  ...CLUSTER,
  ...CERTIFICATES,
  ...GITOPS,
  ...ADD_ONS,
];

const BY_REASON: ReadonlyMap<string, readonly Reason[]> = Map.groupBy(REASONS, (entry) => entry.reason);

/** What a reason is asked by. */
export type Spoken = Pick<Event, 'reason' | 'type' | 'message' | 'source' | 'reportingController'> & {
  readonly involvedObject: Pick<Event['involvedObject'], 'kind'>;
};

/** What the catalogue says of an Event's reason; undefined when it does not know it. */
export function findReason(event: Spoken): Reason | undefined {
  return BY_REASON.get(event.reason)?.find((entry) => fits(entry, event));
}

/** What an Event's reason means: by the catalogue, else concluded from its words and type. */
export function explainReason(event: Spoken): Reason {
  return findReason(event) ?? guessReason(event);
}

function fits(entry: Reason, event: Spoken): boolean {
  if (entry.kinds !== undefined && !entry.kinds.includes(event.involvedObject.kind)) return false;
  if (entry.from !== undefined && !entry.from.includes(event.source.component || event.reportingController))
    return false;
  return entry.when?.test(event.message) ?? true;
}
