import { relative } from 'node:path';
import { Readable } from 'node:stream';
import type { TestEvent } from 'node:test/reporters';
import { spec as Spec } from 'node:test/reporters';

/**
 * The reporter of `npm test`: one line per test file as it ends, then every failure in full with what its file printed, why tests were
 * skipped, and the totals of `node:test` (`# tests 12`).
 */
// biome-ignore lint/style/noDefaultExport: the way `node --test` takes a reporter
export default async function* reportTests(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const failures: TestEvent[] = [];
  const totals: string[] = [];
  const skipped = new Map<string, number>();
  const printed = new Map<string, string>();
  for await (const event of source) {
    const file = readFile(event);
    if (event.type === 'test:fail') failures.push(event);
    if (event.type === 'test:pass' && event.data.skip) {
      const reason = event.data.skip === true ? 'no reason given' : event.data.skip;
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    }
    if (event.type === 'test:diagnostic' && file === '') totals.push(`# ${event.data.message}\n`);
    if (event.type === 'test:stdout' || event.type === 'test:stderr') {
      printed.set(file, (printed.get(file) ?? '') + event.data.message);
    }
    if (event.type === 'test:summary' && file !== '') {
      yield formatFile(file, event.data.counts.tests, event.data.success, event.data.duration_ms);
    }
  }
  if (failures.length > 0) yield* formatFailures(failures, printed);
  for (const [reason, count] of skipped)
    yield `– skipped: ${count === 1 ? '1 test' : `${count} tests`} (${reason})\n`;
  yield* totals;
}

/** The test file of an event; empty for what is said of the whole run. */
function readFile(event: TestEvent): string {
  return event.data !== undefined && 'file' in event.data ? relative('.', event.data.file ?? '.') : '';
}

function formatFile(file: string, count: number, passed: boolean, milliseconds: number): string {
  const tests = count === 1 ? '1 test' : `${count} tests`;
  return `${passed ? '✔' : '✖'} ${file}: ${tests}, ${(milliseconds / 1000).toFixed(1)} s\n`;
}

async function* formatFailures(
  failures: readonly TestEvent[],
  printed: ReadonlyMap<string, string>,
): AsyncGenerator<string> {
  for (const file of new Set(failures.map(readFile))) {
    const text = printed.get(file);
    if (text !== undefined) yield `\n${file} printed:\n${text.replace(/^(?=.)/gm, '  ')}\n`;
  }
  for await (const chunk of Readable.from(failures).pipe(new Spec())) yield String(chunk);
  yield '\n';
}
