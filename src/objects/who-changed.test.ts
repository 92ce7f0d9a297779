import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../../test/read-recording.ts';
import type { RawObject } from './raw-object.ts';
import { findMaker } from './who-changed.ts';

test('findMaker tells who applied a Deployment when its controller wrote its status within the same second', () => {
  const { items } = JSON.parse(readRecording('scaled-midway/objects.json')) as { items: RawObject[] };
  const deployment = items.find(({ kind }) => kind === 'Deployment');
  assert.ok(deployment !== undefined);
  assert.equal(findMaker(deployment), 'kubectl-client-side-apply');
});
