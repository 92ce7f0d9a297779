import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

/** Why the API server did not let a Pod (or a Job, a claim) be made. From the messages of its admission plugins. */
export function readRefusal(message: string): Failure {
  const quota = /exceeded quota: ([^,\s]+), (requested: .*)$/s.exec(message);
  if (quota !== null)
    return {
      failure: 'quota-exceeded',
      subject: `ResourceQuota/${quota[1]}`,
      says: `quota "${quota[1]}" is used up (${quota[2]})`,
    };
  const mustSet = /failed quota: ([^:\s]+): must specify (.*)$/s.exec(message);
  if (mustSet !== null)
    return {
      failure: 'quota-exceeded',
      subject: `ResourceQuota/${mustSet[1]}`,
      says: `quota "${mustSet[1]}" wants ${mustSet[2]} to be set`,
    };
  const account = /serviceaccount "([^"]+)" not found/i.exec(message);
  if (account !== null)
    return {
      failure: 'service-account-missing',
      subject: `ServiceAccount/${account[1]}`,
      says: `ServiceAccount "${account[1]}" is not there`,
    };
  const webhook = /admission webhook "([^"]+)" denied the request(?:: (.*))?$/s.exec(message);
  if (webhook !== null)
    return {
      failure: 'admission-denied',
      subject: webhook[1] ?? '',
      says: `admission webhook "${webhook[1]}" says no${webhook[2] === undefined ? '' : `: ${shortenMessage(webhook[2])}`}`,
    };
  const dead = /failed calling webhook "([^"]+)": (.*)$/s.exec(message);
  if (dead !== null)
    return {
      failure: 'webhook-unreachable',
      subject: dead[1] ?? '',
      says: `admission webhook "${dead[1]}" does not answer: ${shortenMessage(dead[2] ?? '')}`,
    };
  const security = /violates PodSecurity "([^"]+)": (.*)$/s.exec(message);
  if (security !== null)
    return {
      failure: 'pod-security',
      subject: security[1] ?? '',
      says: `Pod Security "${security[1]}" forbids it: ${shortenMessage(security[2] ?? '')}`,
    };
  const limits = /is forbidden: ((?:minimum|maximum) .* usage per .*)$/s.exec(message);
  if (limits !== null)
    return { failure: 'limit-range', subject: 'LimitRange', says: `a LimitRange forbids it: ${limits[1]}` };
  const cause =
    / is (?:forbidden|invalid): (.*)$/s.exec(message)?.[1] ?? message.replace(/^Error creating: /, '');
  return {
    failure: 'create-failed',
    subject: '',
    says: `the API server refuses it: ${shortenMessage(cause)}`,
  };
}
