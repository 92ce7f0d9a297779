import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readScenario } from '../../test/read-record.ts';
import { isNamed } from './match-story.ts';
import { openStories } from './open-stories.ts';
import { pruneStory, touches, widenToPods } from './prune-story.ts';
import { walkSteps } from './tell/walk-steps.ts';

test('widenToPods finds what befell the Pods of a Deployment in the story of their Node, and pruneStory leaves only them', () => {
  const stories = openStories();
  readScenario('v1.36/n-node-notready').forEach(stories.addEvent);
  const told = stories.tell();
  const ofNode = told.find(({ object, troubles }) => object.kind === 'Node' && troubles.length > 1);
  assert.ok(ofNode !== undefined);
  const isDeployment = isNamed({ kinds: ['Deployment'], name: 'podinfo' });
  assert.ok(!touches(ofNode, isDeployment));
  const isWanted = widenToPods(told, isDeployment);
  assert.ok(touches(ofNode, isWanted));
  const podsOf = (story: typeof ofNode) =>
    new Set(
      [...walkSteps(story.steps)].flatMap(({ object }) => (object.kind === 'Pod' ? [object.name] : [])),
    );
  assert.equal([...podsOf(ofNode)].filter((name) => name.startsWith('agent-')).length, 1);
  assert.deepEqual(
    [...podsOf(pruneStory(ofNode, isWanted))].filter((name) => !name.startsWith('podinfo-')),
    [],
  );
});

test('widenToPods does not take the Pods of a Node for its own', () => {
  const stories = openStories();
  readScenario('v1.36/n-node-notready').forEach(stories.addEvent);
  const told = stories.tell();
  const isWanted = widenToPods(told, isNamed({ kinds: ['Node'], name: 'node-1' }));
  assert.ok(told.some(({ object }) => object.kind === 'Deployment'));
  assert.ok(told.filter((story) => touches(story, isWanted)).every(({ object }) => object.kind === 'Node'));
});
