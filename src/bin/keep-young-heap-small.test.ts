import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

/** Bytes of new space that a process holds when it has made many objects, some of which live for a while. */
function measureNewSpace(begin: string): number {
  const program = `
    import { getHeapSpaceStatistics } from 'node:v8';
    import { keepYoungHeapSmall } from ${JSON.stringify(`${import.meta.dirname}/keep-young-heap-small.ts`)};
    ${begin}
    let living = [];
    for (let made = 0; made < 3_000_000; made += 1) {
      living.push({ made, text: 'x' + made });
      if (living.length > 100_000) living = [];
    }
    const space = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    console.log(space.space_size);
  `;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  return Number(stdout);
}

test('keepYoungHeapSmall keeps the new space from growing', () => {
  const [usual, small] = [measureNewSpace(''), measureNewSpace('keepYoungHeapSmall();')];
  assert.ok(small > 0 && small * 4 <= usual, `${small} bytes instead of ${usual}`);
});
