import { findBuiltinKind } from '../events/kind-names.ts';
import { createClock } from '../lib/clock.ts';
import { SECOND } from '../lib/time.ts';
import type { Context } from './context.ts';
import type { GlobalOptions } from './global-options.ts';

/** How long to wait for the cluster before going by the record alone. */
const PATIENCE = 5 * SECOND;

/** The hash by which a static Pod's Events name it (kubelet, `kubernetes.io/config.mirror`). */
const MIRROR = 'kubernetes.io/config.mirror';

/**
 * Asks the cluster for the uid of an object, by its metadata alone. A static Pod has a second one, by which its kubelet's Events go.
 *
 * @param kind any spelling of a kind that Kubernetes itself serves; others are not asked for
 * @returns undefined when it is not there, or the cluster does not tell: the record has to do
 */
export async function readObjectUids(
  kind: string,
  namespace: string,
  name: string,
  globals: GlobalOptions,
  context: Context,
): Promise<readonly string[] | undefined> {
  const found = findBuiltinKind(kind);
  if (found === undefined || found.version === '') return undefined;
  const { connect } = await import('../kube/connect.ts');
  const { requestJson } = await import('../kube/read-answer.ts');
  const clock = createClock(context.wallClock);
  const cluster = await connect({ ...globals, env: context.env, cwd: context.cwd, clock });
  try {
    const root = found.group === '' ? `/api/${found.version}` : `/apis/${found.group}/${found.version}`;
    const folder = found.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : '';
    const path = `${root}${folder}/${found.plural}/${encodeURIComponent(name)}`;
    const accept = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io,application/json';
    const request = { path, accept, signal: context.signal, answerWithin: PATIENCE };
    return readUids(await requestJson(cluster, request, `read ${kind} ${name}`, clock));
  } catch (error) {
    if (context.signal.aborted) throw error;
    return undefined;
  } finally {
    cluster.close();
  }
}

function readUids(answer: unknown): string[] | undefined {
  const { metadata } = answer as { metadata?: { uid?: unknown; annotations?: Record<string, unknown> } };
  const uids = [metadata?.uid, metadata?.annotations?.[MIRROR]].filter((uid) => typeof uid === 'string');
  return uids.length === 0 ? undefined : uids;
}
