import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

/** What it is about when there is nothing to choose from. */
export const NO_NODES = 'no nodes';

const NODES = /^(\d+)\/(\d+) nodes are available: (.*)$/s;
/** What the scheduler adds about whether it would help to end other Pods. */
const PREEMPTION =
  /(?:\. | )?(?:(?:no new claims to deallocate|still not schedulable), )?(?:preemption: ).*$/s;
/** Karpenter, of each of its NodePools in turn. */
const NODE_POOLS = /^Failed to schedule pod, (?=incompatible with (?:nodepool|provisioner) )/;

/** Which conditions of a Pod failed, on how many Nodes. */
export function readScheduling(message: string): Failure {
  const failure = 'unschedulable';
  if (/no nodes available to schedule pods/.test(message))
    return { failure, subject: NO_NODES, says: 'there is no Node' };
  const missing = readMissing(message);
  if (missing !== undefined) return missing;
  if (NODE_POOLS.test(message))
    return { failure, subject: '', says: `no Node fits: ${sayNodePools(message)}` };
  const [, , nodes = '', conditions = ''] = NODES.exec(message) ?? [];
  if (nodes === '') return { failure, subject: '', says: `no Node fits: ${shortenMessage(message)}` };
  const why = conditions
    .replace(PREEMPTION, '')
    .replace(/\. not found$/, '')
    .replace(/\.$/, '')
    .trim();
  if (/unbound immediate PersistentVolumeClaims/.test(why))
    return { failure: 'volume-unbound', subject: '', says: 'its claim for a volume is not bound' };
  const which = nodes === '1' ? 'the only Node does not fit' : `none of ${nodes} Nodes fits`;
  const room = /terminating pod on the nominated node/.test(conditions)
    ? '; room is made for it: a Pod that it preempted is ending'
    : '';
  // The conditions change with every Node that comes and goes.
  return { failure, subject: '', says: `${which}: ${why}${room}` };
}

/** Why no Node that could be made would do, without the long lists of what each NodePool makes. */
function sayNodePools(message: string): string {
  const pools = message.replace(NODE_POOLS, '').split('; ');
  return pools
    .map((pool) =>
      pool
        .replace(/, daemonset overhead=\{[^}]*\}/, '')
        .replace(/ and requirements .*?( \([^()]*\))?$/s, '$1')
        .replace(/^incompatible with \S+ "([^"]*)", /, 'nodepool "$1": '),
    )
    .join('; ');
}

/** What the Pod names and is not there, in the words of all versions. */
function readMissing(message: string): Failure | undefined {
  const [, claim = ''] = /persistentvolumeclaim "([^"]+)" not found/.exec(message) ?? [];
  if (claim !== '')
    return {
      failure: 'volume-unbound',
      subject: `PersistentVolumeClaim/${claim}`,
      says: `PersistentVolumeClaim "${claim}" is not there`,
    };
  const [, lost = '', volume = ''] =
    /persistentvolumeclaim "([^"]+)" bound to non-existent persistentvolume "([^"]+)"/.exec(message) ?? [];
  if (lost !== '')
    return {
      failure: 'volume-unbound',
      subject: `PersistentVolume/${volume}`,
      says: `PersistentVolume "${volume}" of claim ${lost} is not there`,
    };
  const [, device = ''] = /resourceclaim "([^"]+)" not found/.exec(message) ?? [];
  if (device === '') return undefined;
  return {
    failure: 'unschedulable',
    subject: `ResourceClaim/${device}`,
    says: `ResourceClaim "${device}" is not there`,
  };
}
