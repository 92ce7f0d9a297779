import { makeStatus, type Status } from '../../kube-api/status.ts';
import type { KubernetesAttributes } from './request-attributes.ts';

/** A refusal as an API server tells it. */
export function makeRefusal(
  code: number,
  reason: string,
  message: string,
  { group, resource, name }: Pick<KubernetesAttributes, 'group' | 'resource' | 'name'>,
): Status {
  const details = {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(resource !== '' && { kind: resource }),
  };
  return makeStatus(code, reason, message, Object.keys(details).length > 0 ? details : undefined);
}

/** As kube-apiserver says it. */
export function describeForbidden(username: string, verb: string, asked: KubernetesAttributes): string {
  const { group, resource, namespace, name } = asked;
  const what = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const one = name === '' ? '' : ` "${name}"`;
  return `${what}${one} is forbidden: User "${username}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
}
