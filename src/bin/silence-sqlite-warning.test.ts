import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

test('silenceSqliteWarning hides that node:sqlite is experimental and no other warning', () => {
  const program = `
    import { silenceSqliteWarning } from ${JSON.stringify(`${import.meta.dirname}/silence-sqlite-warning.ts`)};
    silenceSqliteWarning();
    process.emitWarning('SQLite is an experimental feature and might change at any time', 'ExperimentalWarning');
    process.emitWarning('VM Modules is an experimental feature', 'ExperimentalWarning');
    process.emitWarning('about SQLite');
  `;
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
  });
  assert.doesNotMatch(stderr, /might change/);
  assert.match(stderr, /ExperimentalWarning: VM Modules/);
  assert.match(stderr, /Warning: about SQLite/);
});
