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
      says: `quota "${mustSet[1]}" wants these to be set: ${mustSet[2]}`,
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
      says: `admission webhook "${dead[1]}" does not answer: ${shortenMessage(dead[2] ?? '').replace(/^failed to call webhook: /, '')}`,
    };
  const security = /violates PodSecurity "([^"]+)": (.*)$/s.exec(message);
  if (security !== null)
    return {
      failure: 'pod-security',
      subject: security[1] ?? '',
      says: `Pod Security "${security[1]}" forbids it: ${shortenMessage(security[2] ?? '')}`,
    };
  const policy = /ValidatingAdmissionPolicy '([^']+)' with binding '[^']*' denied request: (.*)$/s.exec(
    message,
  );
  if (policy !== null)
    return {
      failure: 'admission-denied',
      subject: `ValidatingAdmissionPolicy/${policy[1]}`,
      says: `admission policy "${policy[1]}" says no: ${shortenMessage(policy[2] ?? '')}`,
    };
  const constraint = /(pod security policy|PodSecurityPolicy|security context constraint)[^:]*: (.*)$/s.exec(
    message,
  );
  if (constraint !== null)
    return {
      failure: 'pod-security',
      subject: /context/.test(constraint[1] ?? '') ? 'SecurityContextConstraints' : 'PodSecurityPolicy',
      says: `no ${/context/.test(constraint[1] ?? '') ? 'security context constraint' : 'PodSecurityPolicy'} lets it in: ${shortenMessage(constraint[2] ?? '')}`,
    };
  const priority = /no PriorityClass with name (\S+) was found/.exec(message);
  if (priority !== null)
    return {
      failure: 'create-failed',
      subject: `PriorityClass/${priority[1]}`,
      says: `PriorityClass "${priority[1]}" is not there`,
    };
  const rights = /User "([^"]+)" cannot (\S+) resource "([^"]+)"/.exec(message);
  if (rights !== null)
    return {
      failure: 'forbidden',
      subject: '',
      says: `${rights[1]?.split(':').at(-1)} may not ${rights[2]} ${rights[3]}`,
    };
  if (/Timeout: request did not complete within/.test(message))
    return {
      failure: 'create-failed',
      subject: '',
      says: 'the API server did not answer in time, often for an admission webhook',
    };
  const limits = /is forbidden: \[?((?:minimum|maximum) .* usage per .*?)\]?$/s.exec(message);
  if (limits !== null)
    return { failure: 'limit-range', subject: 'LimitRange', says: `a LimitRange forbids it: ${limits[1]}` };
  const cause =
    / is (?:forbidden|invalid): (.*)$/s.exec(message)?.[1] ??
    message.replace(
      /^Error creating(?: job)?: |^(?:create|update) (?:Pod|Claim) .*? failed error: |^Failed to create new replica set "[^"]*": /,
      '',
    );
  return {
    failure: 'create-failed',
    subject: '',
    says: `the API server refuses it: ${shortenMessage(cause)}`,
  };
}
