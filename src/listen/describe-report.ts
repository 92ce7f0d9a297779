import type { GapReason } from '../kube/watch-item.ts';
import { formatTime } from '../lib/rfc3339.ts';
import type { ListenReport } from './feed.ts';

/** One line of a listener's log. */
export interface LogLine {
  readonly level: 'info' | 'warn';
  /** The context it is about; empty when it is about all. */
  readonly feed: string;
  readonly text: string;
}

const WHY: Readonly<Record<GapReason, string>> = {
  started: 'nobody listened',
  expired: 'the API server no longer knew the changes',
  rebuilt: 'the cluster was rebuilt or restored',
  unreachable: 'the cluster could not be reached',
};

/** What the log says of a report; undefined for what only counts. */
export function describeReport(report: ListenReport): LogLine | undefined {
  switch (report.type) {
    case 'connected':
      return info(
        report.feed,
        `connected${report.cluster.version === '' ? '' : ` (Kubernetes ${report.cluster.version})`}`,
      );
    case 'synced':
      return info(report.feed, `caught up, listening${scope(report.namespace)}`);
    case 'resumed':
      return info(
        report.feed,
        `listening${scope(report.namespace)} from where it stopped at ${formatTime(report.from)}: nothing was missed`,
      );
    case 'gap':
      return describeGap(report);
    case 'notice':
      return { level: report.level, feed: report.feed, text: report.text };
    case 'waiting':
      return warn(report.feed, `${report.error.message}; trying again`);
    case 'failed':
      return warn(report.feed, `gave up: ${report.error.message}`);
    case 'store-failing':
      return warn(
        '',
        `${report.error.message} Nothing is lost yet: the clusters wait, and it is tried again.`,
      );
    case 'unstored':
      return describeUnstored(report);
    case 'store-mended':
      return info('', 'the store takes Events again');
    case 'retained':
      return info('', describeRetained(report));
    case 'retention-failed':
      return warn('', `retention could not be applied: ${report.error.message}`);
    case 'written':
    case 'objects':
      return undefined;
  }
}

function describeRetained(report: Extract<ListenReport, { type: 'retained' }>): string {
  const { events, occurrences, objects, changes } = report;
  const beside = objects + changes === 0 ? '' : `, ${objects} objects and ${changes} changes`;
  return `retention removed ${events} Events and ${occurrences} repeats${beside}`;
}

function describeUnstored({ feed, heard, since }: Extract<ListenReport, { type: 'unstored' }>): LogLine {
  const what =
    heard === 0
      ? 'until when it listened'
      : heard === 1
        ? '1 Event heard last'
        : `${heard} Events heard last`;
  return warn(
    feed,
    `${what} could not be stored: a gap from ${formatTime(since)} on; the next run lists what the API server still holds`,
  );
}

function describeGap(gap: Extract<ListenReport, { type: 'gap' }>): LogLine | undefined {
  if (gap.from >= gap.at) return undefined;
  const span = `from ${formatTime(gap.from)} to ${formatTime(gap.at)}`;
  return warn(
    gap.feed,
    `gap${scope(gap.namespace)} ${span}: ${WHY[gap.reason]}; catching up by a list, in which repeats may be folded`,
  );
}

function scope(namespace: string): string {
  return namespace === '' ? '' : ` (namespace ${namespace})`;
}

function info(feed: string, text: string): LogLine {
  return { level: 'info', feed, text };
}

function warn(feed: string, text: string): LogLine {
  return { level: 'warn', feed, text };
}
