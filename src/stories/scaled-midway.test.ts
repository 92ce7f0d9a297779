import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../../test/read-recording.ts';
import type { Event } from '../events/event.ts';
import { mergeSighting } from '../events/merge-records.ts';
import { parseEvent } from '../events/parse-event.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { SECOND } from '../lib/time.ts';
import type { Change } from '../objects/change.ts';
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

function tellAll(
  objects: readonly KubernetesObject[] = [],
  changes: readonly Change[] = [],
): readonly Story[] {
  const stories = openStories();
  for (const event of readEvents()) {
    const at = event.lastTimestamp ?? event.eventTime ?? 0;
    stories.addEvent(mergeSighting(undefined, 'c', { event, deleted: false, at }));
  }
  for (const object of objects) stories.addObject(object);
  changes.forEach(stories.addChange);
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

test('openStories tells a scaling in the middle of a rollout as a step of that rollout, and of who did it', () => {
  const deployment = readEvents().find(
    ({ involvedObject }) => involvedObject.kind === 'Deployment' && involvedObject.name === 'web',
  )?.involvedObject;
  assert.ok(deployment !== undefined);
  const { apiVersion, kind, namespace, name, uid } = deployment;
  const object = { cluster: 'c', apiVersion, kind, namespace, name, uid };
  // As the Events of the Deployment tell: it was at these versions that its controller began and went on.
  const changes = [
    {
      at: '2026-11-23T23:01:09Z',
      resourceVersion: '414',
      by: 'kubectl-set',
      field: 'image',
      from: 'nginx:1',
      to: 'nginx:2',
    },
    {
      at: '2026-11-23T23:01:12Z',
      resourceVersion: '445',
      by: 'kubectl-scale',
      field: 'replicas',
      from: '4',
      to: '9',
    },
  ].map(({ at, resourceVersion, by, field, from, to }): Change => {
    const fields = [{ field, container: '', from, to }];
    return { type: 'spec-changed', object, at: parseTime(at) ?? 0, resourceVersion, manager: by, fields };
  });
  for (const order of [changes, changes.toReversed()]) {
    const told = tellAll([], order).filter((story) => story.object.name === 'web');
    assert.deepEqual(
      told.map(({ title }) => title.replace(/web-\w+/, 'web')),
      ['rollout of web', 'image nginx:1 → nginx:2'],
    );
    const scaled = told[1]?.steps.filter(({ source }) => source === 'change') ?? [];
    assert.deepEqual(
      scaled.map(({ says, by }) => [says, by]),
      [['replicas 4 → 9', 'kubectl-scale']],
    );
  }
});
