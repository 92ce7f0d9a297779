import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runHark } from './start-hark.ts';

const ROOT = join(import.meta.dirname, '../..');
const BLOCK = /^```console\n\$ hark (.+)\n([\s\S]*?)^```$/gm;

for (const [file, fewest] of [
  ['README.md', 2],
  ['docs/commands.md', 5],
] as const) {
  describe(file, { concurrency: 2 }, () => {
    const shown = [...readFileSync(join(ROOT, file), 'utf8').matchAll(BLOCK)];
    test('shows commands', () => assert.ok(shown.length >= fewest));

    for (const [, command = '', output] of shown) {
      test(`shows what hark ${command} prints`, async () => {
        const { stdout, stderr } = await runHark(command.split(' '), { cwd: ROOT });
        assert.equal(stdout.replaceAll('\r\n', '\n'), output);
        assert.equal(stderr, '');
      });
    }
  });
}
