import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

/** What it is about when there is nothing to choose from. */
export const NO_NODES = 'no nodes';

const NODES = /^(\d+)\/(\d+) nodes are available: (.*)$/s;
/** What the scheduler adds about whether it would help to end other Pods. */
const PREEMPTION = /(?:\. | )?(?:no new claims to deallocate, )?(?:preemption: ).*$/s;

/** Which conditions of a Pod failed, on how many Nodes. */
export function readScheduling(message: string): Failure {
  const failure = 'unschedulable';
  if (/no nodes available to schedule pods/.test(message))
    return { failure, subject: NO_NODES, says: 'there is no Node' };
  const [, , nodes = '', conditions = ''] = NODES.exec(message) ?? [];
  if (nodes === '') return { failure, subject: '', says: `no Node fits: ${shortenMessage(message)}` };
  const why = conditions
    .replace(PREEMPTION, '')
    .replace(/\. not found$/, '')
    .replace(/\.$/, '')
    .trim();
  if (/unbound immediate PersistentVolumeClaims/.test(why))
    return { failure: 'volume-unbound', subject: '', says: 'its claim for a volume is not bound' };
  const [, claim = ''] = /persistentvolumeclaim "([^"]+)" not found/.exec(why) ?? [];
  if (claim !== '')
    return {
      failure: 'volume-unbound',
      subject: `PersistentVolumeClaim/${claim}`,
      says: `PersistentVolumeClaim "${claim}" is not there`,
    };
  const which = nodes === '1' ? 'the only Node does not fit' : `none of ${nodes} Nodes fits`;
  return { failure, subject: why.replace(/\d+ /g, ''), says: `${which}: ${why}` };
}
