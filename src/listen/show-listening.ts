import type { Clock } from '../lib/clock.ts';
import { formatTime } from '../lib/rfc3339.ts';
import { makeSafe } from '../lib/safe-text.ts';
import { MINUTE, type Micros, SECOND } from '../lib/time.ts';
import { describeReport, type LogLine } from './describe-report.ts';
import type { Report } from './feed.ts';
import { formatProgress, formatTotals } from './format-progress.ts';
import { startTally, tallyReport } from './tally-reports.ts';

export interface ShowOptions {
  /** Takes text for stderr. */
  readonly write: (text: string) => void;
  /** Columns of the terminal that stderr is, asked each time; undefined when it is none. */
  readonly columns: () => number | undefined;
  readonly clock: Clock;
  /** The contexts' names. */
  readonly feeds: readonly string[];
}

export interface ListeningDisplay {
  readonly report: Report;
  /** Adds a line of its own. */
  log(text: string): void;
  /** Prints the totals; nothing is printed afterwards. */
  close(): void;
}

const REDRAW = SECOND;
const RATE_SPAN = 10 * SECOND;
const TOTALS_INTERVAL = 5 * MINUTE;
const USUAL_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';

/**
 * Shows how the listening goes: log lines, and below them on a terminal one line that is redrawn every second, else the totals every five minutes
 * in which something was heard.
 */
export function showListening(options: ShowOptions): ListeningDisplay {
  const { write, clock } = options;
  const started = clock.now();
  let tally = startTally(options.feeds);
  let samples: { readonly at: Micros; readonly heard: number }[] = [{ at: started, heard: 0 }];
  let totals = { at: started, heard: 0, changes: 0 };
  let stop = clock.after(REDRAW, tick);

  function log(text: string): void {
    const line = `${formatTime(clock.now())} ${makeSafe(text)}\n`;
    write(options.columns() === undefined ? line : `${CLEAR_LINE}${line}`);
    draw();
  }

  function draw(): void {
    const columns = options.columns();
    if (columns === undefined) return;
    // A terminal may give its width as 0 when it does not know it.
    write(`${CLEAR_LINE}${formatProgress(tally, measureRate(), (columns || USUAL_COLUMNS) - 1)}`);
  }

  function measureRate(): number {
    const now = clock.now();
    const [first] = samples;
    if (first === undefined || now <= first.at) return 0;
    return ((tally.heard - first.heard) * SECOND) / (now - first.at);
  }

  function tick(): void {
    const now = clock.now();
    samples = [...samples, { at: now, heard: tally.heard }].filter((sample) => sample.at >= now - RATE_SPAN);
    const isNews = tally.heard > totals.heard || tally.changes > totals.changes;
    if (options.columns() === undefined && now - totals.at >= TOTALS_INTERVAL && isNews) {
      totals = { at: now, heard: tally.heard, changes: tally.changes };
      log(formatTotals(tally));
    }
    draw();
    stop = clock.after(REDRAW, tick);
  }

  return {
    log,
    report(report) {
      tally = tallyReport(tally, report);
      const line = describeReport(report);
      if (line !== undefined) log(formatLine(line));
    },
    close() {
      stop();
      const erase = options.columns() === undefined ? '' : CLEAR_LINE;
      write(`${erase}${formatTime(clock.now())} stopped: ${formatTotals(tally)}\n`);
    },
  };
}

function formatLine({ level, feed, text }: LogLine): string {
  return `${level === 'warn' ? 'warning: ' : ''}${feed === '' ? '' : `${feed}: `}${text}`;
}
