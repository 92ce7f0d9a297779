import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecorded, tellRecorded } from '../../test/tell-recording.ts';
import { linkStories } from './link-stories.ts';
import { rootIdOf, traceIdOf } from './span-ids.ts';

const { stories } = tellRecorded(readRecorded('v1.36/n-node-notready', false));
const trouble = stories.find(({ object, kind }) => object.kind === 'Node' && kind === 'incident');
const rollout = stories.find(({ object }) => object.kind === 'Deployment');
assert.ok(trouble !== undefined && rollout !== undefined);

test('linkStories links what befell a workload while the Node of its Pods was in trouble, both ways', () => {
  const during = { ...rollout, from: trouble.from + 1 };
  const links = linkStories([trouble, during]);
  const to = ({ id }: typeof trouble) =>
    links.get(id)?.map(({ traceId, spanId, attributes }) => [traceId, spanId, attributes['hark.link']]);
  assert.deepEqual(to(during), [[traceIdOf(trouble), rootIdOf(trouble), 'caused-by']]);
  assert.deepEqual(to(trouble), [[traceIdOf(during), rootIdOf(during), 'causes']]);
});

test('linkStories links nothing with a Node that was well by then, or that tells of none of its Pods', () => {
  assert.equal(linkStories(stories).size, 0);
  const after = { ...rollout, from: (trouble.endsAt ?? 0) + 1 };
  assert.equal(linkStories([trouble, after]).size, 0);
  const other = { ...rollout, from: trouble.from + 1, objects: [] };
  assert.equal(linkStories([trouble, other]).size, 0);
});
