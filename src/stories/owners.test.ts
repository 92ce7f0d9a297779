import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../test/read-objects.ts';
import { readScenario } from '../../test/read-record.ts';
import { listScenarios } from '../../test/read-recording.ts';
import { openStories } from './open-stories.ts';
import type { Step, Story } from './story.ts';

/** Each step that is an Event, with the Events it hangs below and the first one of its story: what must not depend on knowing owners. */
function treeOf(stories: readonly Story[]): Map<string, string> {
  const tree = new Map<string, string>();
  const walk = (steps: readonly Step[], above: string): void => {
    for (const step of steps) {
      const own = step.source === 'event' ? step.id : above;
      if (step.source === 'event') tree.set(step.id, above);
      walk(step.steps, own);
    }
  };
  for (const story of stories) walk(story.steps, `${story.object.kind}/${story.object.name} ${story.id}`);
  return tree;
}

test('openStories tells the same trees from Events alone as with objects and changes', () => {
  let compared = 0;
  for (const scenario of listScenarios()) {
    const records = readScenario(scenario);
    const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
    const [alone, whole] = [openStories(), openStories()];
    for (const record of records) {
      alone.addEvent(record);
      whole.addEvent(record);
    }
    for (const object of objects) whole.addObject(object);
    for (const change of changes) whole.addChange(change);
    assert.ok(objects.length > 0 && changes.length > 0, scenario);
    const [bare, owned] = [treeOf(alone.tell()), treeOf(whole.tell())];
    assert.deepEqual(bare, owned, scenario);
    compared += bare.size;
  }
  assert.ok(compared > 1_500, String(compared));
});
