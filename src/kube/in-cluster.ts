import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { bareCluster, bareUser } from './kubeconfig.ts';
import type { PickedContext } from './pick-context.ts';

/** Where Kubernetes puts a Pod's credentials. */
const SERVICE_ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster this process is a Pod of, by its service account; undefined when it is none.
 *
 * @param folder where the service account is mounted
 */
export async function readInCluster(
  env: Readonly<Record<string, string | undefined>>,
  folder = SERVICE_ACCOUNT,
): Promise<PickedContext | undefined> {
  const { KUBERNETES_SERVICE_HOST: host = '', KUBERNETES_SERVICE_PORT: port = '' } = env;
  const tokenFile = join(folder, 'token');
  if (host === '' || port === '' || (await readIfThere(tokenFile)) === undefined) return undefined;
  const name = 'in-cluster';
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    name,
    namespace: (await readIfThere(join(folder, 'namespace')))?.trim() || 'default',
    cluster: { ...bareCluster(name, server), caFile: join(folder, 'ca.crt') },
    user: { ...bareUser(name), tokenFile },
  };
}

async function readIfThere(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined);
}
