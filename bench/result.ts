/** One line of the table in docs/benchmarks.md. */
export interface BenchResult {
  readonly what: string;
  readonly hark: string;
  /** What the same work costs otherwise, measured in the same run. */
  readonly compared: string;
  readonly ratio: string;
  /** Empty when there is none. */
  readonly target: string;
}

/** Results as a Markdown table. */
export function formatResults(results: readonly BenchResult[]): string {
  const header: BenchResult = {
    what: 'what',
    hark: 'Hark',
    compared: 'compared with',
    ratio: 'ratio',
    target: 'target',
  };
  const lines = [header, ...results].map(
    (row) => `| ${[row.what, row.hark, row.compared, row.ratio, row.target].join(' | ')} |`,
  );
  return `${[lines[0], '|---|---|---|---|---|', ...lines.slice(1)].join('\n')}\n`;
}

export function formatSeconds(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(2)} s`;
}

export function formatMegabytes(bytes: number | undefined): string {
  return bytes === undefined ? 'unknown' : `${Math.round(bytes / 1e6)} MB`;
}

export function formatRate(perSecond: number): string {
  return `${Math.round(perSecond).toLocaleString('en-US')}/s`;
}

export function formatRatio(ratio: number): string {
  return ratio.toFixed(2);
}
