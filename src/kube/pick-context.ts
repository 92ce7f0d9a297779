import { HarkError } from '../lib/errors.ts';
import { bareUser, type Kubeconfig, type KubeconfigCluster, type KubeconfigUser } from './kubeconfig.ts';

/** One context, with the entries it names. */
export interface PickedContext {
  readonly name: string;
  readonly namespace: string;
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
}

/**
 * The context asked for, else the current one.
 *
 * @throws HarkError `unknown-context` naming the contexts there are, `kubeconfig` when the context names a cluster that is not there
 */
export function pickContext(config: Kubeconfig, wanted: string | undefined): PickedContext {
  const name = wanted || config.currentContext;
  const context = config.contexts.get(name);
  if (context === undefined) throw unknownContext(config, name);
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined || cluster.server === '') {
    const what = cluster === undefined ? 'which the kubeconfig does not define' : 'which has no server';
    throw new HarkError('kubeconfig', `context "${name}" is of cluster "${context.cluster}", ${what}`, {
      hint: 'See what is there: kubectl config view',
    });
  }
  const user = config.users.get(context.user);
  if (user === undefined && context.user !== '') {
    throw new HarkError(
      'kubeconfig',
      `context "${name}" is of user "${context.user}", which the kubeconfig does not define`,
      { hint: 'See what is there: kubectl config view' },
    );
  }
  return { name, namespace: context.namespace || 'default', cluster, user: user ?? bareUser('') };
}

function unknownContext(config: Kubeconfig, name: string): HarkError {
  const names = [...config.contexts.keys()];
  const what = name === '' ? 'the kubeconfig sets no current context' : `there is no context "${name}"`;
  const hint =
    names.length === 0
      ? 'The kubeconfig defines no context at all: name another one with --kubeconfig FILE'
      : `Choose one with --context NAME: ${names.join(', ')}`;
  return new HarkError('unknown-context', what, { hint });
}
