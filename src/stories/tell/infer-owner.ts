/** The digits of a hash as `rand.SafeEncodeString` writes them (k8s.io/apimachinery/pkg/util/rand): a decimal number in these ten letters. */
const HASH = '[456789bcdf]{6,10}';
/** Five letters as `rand.String` makes them. */
const RANDOM = '[bcdfghjklmnpqrstvwxz2456789]{5}';
const POD_OF_REPLICA_SET = new RegExp(`^(.+-${HASH})-${RANDOM}$`);
const REPLICA_SET_OF_DEPLOYMENT = new RegExp(`^(.+)-${HASH}$`);
const POD_OF_JOB_OF_CRON_JOB = new RegExp(`^(.+-(?:\\d{8}|\\d{10}))-${RANDOM}$`);
/** The time it was scheduled for, in seconds (until 1.20) or minutes (since 1.21). */
const JOB_OF_CRON_JOB = /^(.+)-(?:\d{8}|\d{10})$/;

/**
 * What an object's name alone gives away of its owner, for want of anything better: a Pod `web-84b5bccbfd-rgb42` belongs to the ReplicaSet
 * `web-84b5bccbfd`, which belongs to the Deployment `web`. Only names that nothing else makes are read.
 */
export function inferOwner(
  kind: string,
  name: string,
): { readonly kind: string; readonly name: string } | undefined {
  if (kind === 'Pod') {
    return named('ReplicaSet', POD_OF_REPLICA_SET, name) ?? named('Job', POD_OF_JOB_OF_CRON_JOB, name);
  }
  if (kind === 'ReplicaSet') return named('Deployment', REPLICA_SET_OF_DEPLOYMENT, name);
  if (kind === 'Job') return named('CronJob', JOB_OF_CRON_JOB, name);
  return undefined;
}

function named(kind: string, pattern: RegExp, name: string): { kind: string; name: string } | undefined {
  const owner = pattern.exec(name)?.[1];
  return owner === undefined ? undefined : { kind, name: owner };
}
