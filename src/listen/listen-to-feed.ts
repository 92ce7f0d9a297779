import { ApiFailure } from '../kube/api-failure.ts';
import { createBackoff } from '../lib/backoff.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import type { Feed, Report } from './feed.ts';
import type { ListenStore } from './listen-store.ts';
import { recordCluster } from './record-cluster.ts';
import type { PatientWriter } from './write-patiently.ts';

export interface FeedOptions {
  readonly store: ListenStore;
  readonly writer: PatientWriter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  readonly report: Report;
  /** Takes a cluster for this feed; false when another feed has it already. */
  readonly claim: (uid: string) => boolean;
}

/**
 * Listens to one cluster until the signal aborts, and everything heard until then is stored.
 *
 * A cluster that does not answer is waited for, from the start. What waiting does not mend (a certificate that is not trusted, no permission) ends it
 * at the start; later it is waited out as well, as it may be mended on the other side.
 *
 * @throws HarkError when the cluster cannot be listened to from the start
 * @throws Error when the store takes nothing more
 */
export async function listenToFeed(feed: Feed, options: FeedOptions): Promise<void> {
  const { signal, report, writer } = options;
  const backoff = createBackoff(options.random);
  let connected = false;
  let resume = true;
  let failing = '';

  function noteStored(): void {
    connected = true;
    failing = '';
    backoff.reset();
  }

  while (!signal.aborted) {
    try {
      const cluster = await feed.identify(signal);
      if (!options.claim(cluster.uid)) throw sameClusterTwice(feed);
      report({ type: 'connected', feed: feed.name, cluster });
      resume =
        (await recordCluster(feed, cluster, { ...options, resume, onStored: noteStored })) !== 'rebuilt';
    } catch (error) {
      if (writer.failure() !== undefined || !(error instanceof HarkError)) throw error;
      if (signal.aborted) return;
      if (!connected && !(error instanceof ApiFailure && !error.permanent)) throw error;
      if (failing !== error.code) report({ type: 'waiting', feed: feed.name, error });
      failing = error.code;
      await sleep(options.clock, backoff.next(), signal);
    }
  }
}

function sameClusterTwice(feed: Feed): HarkError {
  return new HarkError(
    'same-cluster',
    `cannot listen to context "${feed.name}": another context listed is the same cluster`,
    {
      hint: 'Name each cluster once in --contexts.',
    },
  );
}
