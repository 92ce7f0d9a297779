import type { ClustersAnswer } from '../api/answers.ts';

/** Says when a cluster that the server listens to is not heard, so that silence is not taken for peace. */
export function ListenNote({ clusters }: { clusters: ClustersAnswer | undefined }) {
  const unheard =
    clusters?.clusters.filter(({ listening }) => listening === 'failed' || listening === 'waiting') ?? [];
  if (unheard.length === 0) return null;
  const names = unheard.map(({ name }) => name).join(', ');
  const hasFailed = unheard.some(({ listening }) => listening === 'failed');
  return (
    <div className="note" role="alert">
      {hasFailed
        ? `Hark can’t listen to ${names}: it may not be allowed to, or the cluster is gone. What hark serve printed says more; what was recorded stays.`
        : `Hark does not hear ${names} at the moment and tries again. What happens meanwhile comes in once it does.`}
    </div>
  );
}

/** Says how far a server that was just started has read its record. */
export function ReadingNote({ clusters }: { clusters: ClustersAnswer | undefined }) {
  const reading = clusters?.reading;
  if (!reading) return null;
  const [events, of] = [reading.events, reading.of].map((count) => count.toLocaleString('en-US'));
  return (
    <div className="note" role="status">
      Hark is reading the record: {events} of {of} Events, the newest first. What is older comes in as it is
      read.
    </div>
  );
}
