import { MINUTE, type MicrosLength, SECOND } from '../../lib/time.ts';

/**
 * How long nothing may be heard of a matter until what is heard next begins another story. Emitters repeat what lasts at least every
 * 5 minutes (client-go lets one Event per 5 minutes through once a burst is used up, `tools/record/events_cache.go`; crash loops and image
 * pulls back off to 5 minutes); three times that is quiet.
 */
export const QUIET: MicrosLength = 15 * MINUTE;

/** By how much the clocks of two components, or a time cut to whole seconds, may turn cause and effect around. */
export const SKEW: MicrosLength = 2 * SECOND;

/** By how much clocks may turn them around where names leave no doubt which is which. */
export const CLOCKS: MicrosLength = 30 * SECOND;

/** How long a failure that comes with every start (a probe that is asked too early) may last without being trouble. */
export const GRACE: MicrosLength = 60 * SECOND;

/**
 * How long after the last Pods of a ReplicaSet were sent away the growth of another one still belongs to the same rollout, where no change
 * of the Deployment tells: a Recreate rollout waits for the old Pods to end in between.
 */
export const HANDOVER: MicrosLength = 2 * MINUTE;

/** The same where other Pods stay: the controller goes on at once. */
export const NEXT_SYNC: MicrosLength = 5 * SECOND;

/** How long after a Pod ended by itself a new one may be its replacement. */
export const REPLACEMENT: MicrosLength = 10 * MINUTE;
