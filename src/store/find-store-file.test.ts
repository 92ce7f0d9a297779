import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findStoreFile } from './find-store-file.ts';

test('findStoreFile takes the file named, else the data directory', () => {
  const env = { HOME: '/home/u', XDG_DATA_HOME: '/data' };
  assert.equal(findStoreFile('x.db', env, '/here'), '/here/x.db');
  assert.equal(findStoreFile(undefined, env, '/here'), '/data/hark/events.db');
  assert.equal(findStoreFile(undefined, { HOME: '/home/u' }, '/here'), '/home/u/.local/share/hark/events.db');
});

test('findStoreFile takes no notice of a data directory that is empty or relative', () => {
  for (const XDG_DATA_HOME of ['', 'share']) {
    assert.equal(
      findStoreFile(undefined, { HOME: '/home/u', XDG_DATA_HOME }, '/here'),
      '/home/u/.local/share/hark/events.db',
    );
  }
});

test('findStoreFile asks for a file when there is no home directory', () => {
  assert.throws(() => findStoreFile(undefined, {}, '/here'), { code: 'usage' });
});
