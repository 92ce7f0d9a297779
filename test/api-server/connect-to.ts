import type { Cluster } from '../../src/kube/cluster.ts';
import { connect } from '../../src/kube/connect.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { createFakeClock } from '../fake-clock.ts';
import type { ApiServer } from './start-api-server.ts';

/** Opens a double by a kubeconfig, with an empty environment: no proxy, no other kubeconfig. */
export async function connectTo(
  server: ApiServer,
  options: {
    readonly clock?: Clock;
    readonly user?: object;
    readonly cluster?: object;
    readonly namespace?: string;
  } = {},
): Promise<Cluster> {
  const { clock = createFakeClock(), user, cluster, namespace } = options;
  return await connect({
    kubeconfig: server.writeKubeconfig(user, cluster, namespace),
    env: {},
    cwd: '/',
    clock,
  });
}
