import type { KubernetesAttributes } from './request-attributes.ts';

/** A failure as an API server tells it. */
export function formatStatus(
  code: number,
  reason: string,
  message: string,
  { group, resource, name }: Pick<KubernetesAttributes, 'group' | 'resource' | 'name'>,
): object {
  const details = {
    ...(name !== '' && { name }),
    ...(group !== '' && { group }),
    ...(resource !== '' && { kind: resource }),
  };
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(Object.keys(details).length > 0 && { details }),
    code,
  };
}

/** As kube-apiserver says it. */
export function formatForbidden(username: string, verb: string, asked: KubernetesAttributes): string {
  const { group, resource, namespace, name } = asked;
  const what = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === '' ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const one = name === '' ? '' : ` "${name}"`;
  return `${what}${one} is forbidden: User "${username}" cannot ${verb} resource "${resource}" in API group "${group}" ${where}`;
}
