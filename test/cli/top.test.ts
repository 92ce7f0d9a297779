import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runHark } from './start-hark.ts';

const DEMO = [
  '--from',
  join(import.meta.dirname, '../../demo/cluster.jsonl.gz'),
  '--now',
  '2026-11-23T16:30:00Z',
];

describe('hark top', { concurrency: 2 }, () => {
  test('counts reasons, the loudest first, with when they came', async () => {
    const { code, stdout, stderr } = await runHark(['top', '-n', 'shop', '--rows', '2', ...DEMO]);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    const [head, first, second, rest] = stdout.split('\n');
    assert.match(head ?? '', /^COUNT +WARNINGS +PER MIN +WHEN +LAST SEEN +TYPE +REASON$/);
    assert.match(first ?? '', /^25 +25 +5\.1 +[▁-█]{20} +15s +Warning +Failed$/u);
    assert.match(second ?? '', /^15 +0 +3\.0 +[▁-█]{20} +15s +Normal +BackOff$/u);
    assert.match(rest ?? '', /^and \d+ more; --rows \d+ shows all$/);
  });

  test('counts objects as JSON', async () => {
    const { stdout } = await runHark(['top', 'object', '--rows', '1', '-o', 'json', ...DEMO]);
    const { apiVersion, items } = JSON.parse(stdout);
    assert.equal(apiVersion, 'hark.top/v1');
    assert.equal(items.length, 1);
    assert.equal(items[0].object, 'pod/podinfo-5c5dff7b9b-2dcz9');
    assert.equal(items[0].count, 46);
  });

  test('counts only what the filters let through', async () => {
    const { stdout } = await runHark(['top', 'components', '--type', 'Warning', ...DEMO]);
    assert.deepEqual(
      stdout
        .trimEnd()
        .split('\n')
        .slice(1)
        .map((line) => line.split(/ {2,}/).at(-1)),
      ['kubelet'],
    );
  });

  test('names what can be counted when something else is asked for', async () => {
    const { code, stderr } = await runHark(['top', 'object-kinds', ...DEMO]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /cannot count by "object-kinds": reasons, objects, components, namespaces can be counted/,
    );
  });
});
