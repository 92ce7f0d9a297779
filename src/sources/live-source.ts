import type { ClusterInfo } from '../events/query.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { ClusterIdentity } from '../kube/cluster-identity.ts';
import { watchEvents } from '../kube/watch-events.ts';
import type { Clock } from '../lib/clock.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { followLive } from './follow-live.ts';
import { createLiveObjects } from './live-objects.ts';
import { createLiveReader } from './live-reader.ts';
import type { FoundRecord } from './open-record.ts';
import type { SourceContext, SourceOptions } from './open-source.ts';
import { scopeNamespaces } from './scope-namespaces.ts';
import type { Source } from './source.ts';

export interface LiveSourceOptions {
  readonly context: SourceContext;
  readonly options: SourceOptions;
  readonly record: FoundRecord;
  readonly clock: Clock;
  readonly cluster: Cluster;
  readonly identity: ClusterIdentity;
  /** What the store holds. */
  readonly held: readonly ClusterInfo[];
}

/** A cluster that answers, joined with its record. */
export function createLiveSource(parts: LiveSourceOptions): Source {
  const { context, options, record, clock, cluster, identity, held } = parts;
  const { uid, name, version, uidIsGuessed } = identity;
  const info = { uid, name, version };
  const notes: string[] = record.trouble === undefined ? [] : [record.trouble];
  const onNotice = (text: string) => {
    const note = makeSafe(text);
    if (!notes.includes(note)) notes.push(note);
  };
  return {
    kind: 'live',
    name,
    cluster: info,
    reader: createLiveReader({
      cluster,
      info,
      record: record.store,
      clock,
      signal: context.signal,
      onNotice,
    }),
    objects: createLiveObjects({
      cluster,
      info,
      record: record.store,
      clock,
      signal: context.signal,
      onNotice,
    }),
    scope: { clusters: [uid], ...scopeNamespaces(options, cluster.namespace) },
    elsewhere: held.filter((each) => each.uid !== uid),
    notes,
    follow(query, signal) {
      const { namespaces } = query;
      const items = watchEvents(cluster, { namespaces, uid: uidIsGuessed ? undefined : uid, signal, clock });
      return followLive(items, { info, record: record.store, query, signal });
    },
  };
}
