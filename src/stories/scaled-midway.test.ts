import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../../test/read-recording.ts';
import type { Event } from '../events/event.ts';
import { mergeSighting } from '../events/merge-records.ts';
import { parseEvent } from '../events/parse-event.ts';
import { SECOND } from '../lib/time.ts';
import type { KubernetesObject } from '../objects/object.ts';
import { openStories } from './open-stories.ts';
import type { Step, Story } from './story.ts';

// Deployments whose rollouts are stuck, scaled in the middle; no Pod ever started, there was no Node.

function readEvents(): Event[] {
  const { items } = JSON.parse(readRecording('scaled-midway/events.json')) as {
    items: Record<string, unknown>[];
  };
  return items.map((item) => parseEvent(item));
}

function tellAll(objects: readonly KubernetesObject[] = []): readonly Story[] {
  const stories = openStories();
  for (const event of readEvents()) {
    const at = event.lastTimestamp ?? event.eventTime ?? 0;
    stories.addEvent(mergeSighting(undefined, 'c', { event, deleted: false, at }));
  }
  for (const object of objects) stories.addObject(object);
  return stories.tell();
}

function tell(name: string): Story[] {
  return tellAll().filter(({ object }) => object.kind === 'Deployment' && object.name === name);
}

function walk(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [step, ...walk(step.steps)]);
}

test('openStories tells no rollback when a Deployment is scaled up while its rollout is stuck', () => {
  for (const name of ['sa', 'sb', 'sc', 'web']) {
    const titles = tell(name).map(({ title }) => title);
    assert.match(titles[0] ?? '', /^rollout of /, name);
    assert.match(titles[1] ?? '', /^rollout of /, name);
    assert.deepEqual(
      titles.filter((title) => title.includes('back')),
      [],
      name,
    );
  }
});

test('openStories says of Pods that never started that they are left, not that they run', () => {
  const notes = ['sc', 'web'].flatMap((name) => tell(name).flatMap((story) => story.notes));
  assert.ok(notes.length > 0);
  for (const note of notes)
    assert.match(note, /^\d+ Pods? of (?:sc|web)-[0-9a-z]+ (?:is|are|was|were) left$/);
});

test('openStories says how long a removal took only when the Pod was seen to go, not when a later list lacks it', () => {
  const ends = [true, false].map((inferred) => {
    const pod = readEvents().find(
      ({ reason, message }) => reason === 'SuccessfulDelete' && /: sa-/.test(message),
    );
    const name = pod?.message.split(': ')[1] ?? '';
    const uid =
      readEvents().find(({ involvedObject }) => involvedObject.name === name)?.involvedObject.uid ?? '';
    const at = (pod?.lastTimestamp ?? 0) + 3 * SECOND;
    const stories = tellAll([
      {
        cluster: 'c',
        apiVersion: 'v1',
        kind: 'Pod',
        namespace: 'shop',
        name,
        uid,
        owners: [],
        uses: [],
        createdAt: undefined,
        deletedAt: at,
        seenAt: at,
        inferred,
      },
    ]);
    const step = stories.flatMap(({ steps }) => walk(steps)).find(({ message }) => message === pod?.message);
    assert.ok(step !== undefined);
    return step.endsAt === undefined ? undefined : step.endsAt - at;
  });
  assert.deepEqual(ends, [undefined, 0]);
});
