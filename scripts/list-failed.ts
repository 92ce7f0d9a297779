import { relative } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

/** A reporter that prints the path of each test file that failed, one per line. */
// biome-ignore lint/style/noDefaultExport: the way `node --test` takes a reporter
export default async function* listFailed(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files = new Set<string>();
  for await (const event of source) {
    if (event.type === 'test:fail' && event.data.file !== undefined) files.add(event.data.file);
  }
  for (const file of files) yield `${relative('.', file)}\n`;
}
