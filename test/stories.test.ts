import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStyle } from '../src/lib/ansi-style.ts';
import { formatJson } from '../src/lib/format-json.ts';
import type { Micros } from '../src/lib/time.ts';
import { diagnose } from '../src/stories/diagnose/diagnose.ts';
import { openStories, type Stories } from '../src/stories/open-stories.ts';
import { renderMarkdown } from '../src/stories/render/render-markdown.ts';
import { renderTree } from '../src/stories/render/render-tree.ts';
import { renderWhy } from '../src/stories/render/render-why.ts';
import { storiesToJson } from '../src/stories/render/to-json.ts';
import { assertGolden } from './assert-golden.ts';
import { readObjects } from './read-objects.ts';
import { readScenario } from './read-record.ts';
import { listScenarios } from './read-recording.ts';

const WIDTH = 118;
const STYLE = createStyle(false);

interface Told {
  readonly stories: Stories;
  /** The latest happening of an Event: right before the recording was cleaned up. */
  readonly latest: Micros;
}

function tellEvents(scenario: string): Told {
  const stories = openStories();
  let latest = 0;
  for (const record of readScenario(scenario)) {
    stories.addEvent(record);
    latest = Math.max(latest, record.occurrences.at(-1)?.at ?? 0);
  }
  return { stories, latest };
}

/** @param until leave out what was seen of objects later than that */
function tellAll(scenario: string, until = Number.POSITIVE_INFINITY): Told {
  const { stories, latest } = tellEvents(scenario);
  const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
  const isSeen = (at: Micros | undefined) => at !== undefined && at <= until;
  for (const object of objects)
    if (isSeen(object.createdAt))
      stories.addObject({ ...object, deletedAt: isSeen(object.deletedAt) ? object.deletedAt : undefined });
  for (const change of changes) if (isSeen(change.at)) stories.addChange(change);
  return { stories, latest };
}

function renderTrees({ stories, latest }: Told, now: Micros): string {
  const told = stories.tell(now);
  return told
    .map(
      (story) =>
        `${renderTree(story, { width: WIDTH, now: Math.max(now, latest), style: STYLE }).join('\n')}\n`,
    )
    .join('\n');
}

for (const scenario of listScenarios()) {
  test(`stories of ${scenario} are as reviewed when only Events are known`, () => {
    const told = tellEvents(scenario);
    assertGolden(`stories/${scenario}.events.txt`, renderTrees(told, told.latest));
  });

  test(`stories of ${scenario} are as reviewed when objects and changes are known too`, () => {
    const told = tellAll(scenario);
    const now = told.stories.latest();
    assertGolden(`stories/${scenario}.txt`, renderTrees(told, now));
    assertGolden(`stories/${scenario}.json.gz`, `${formatJson(storiesToJson(told.stories.tell(now)), 1)}\n`);
  });

  test(`why says of ${scenario} what was reviewed when it is asked before everything is removed`, () => {
    const told = tellAll(scenario, tellEvents(scenario).latest);
    const diagnosis = diagnose(told.stories.tell(told.latest), told.latest);
    assertGolden(
      `stories/${scenario}.why.txt`,
      `${renderWhy(diagnosis, { width: WIDTH, now: told.latest, style: STYLE }).join('\n')}\n`,
    );
  });
}

test('stories of a preemption and a drain are as reviewed, with objects and from Events alone', () => {
  const scenario = 'preempted-and-drained';
  const [whole, alone] = [tellAll(scenario), tellEvents(scenario)];
  assertGolden(`stories/${scenario}.txt`, renderTrees(whole, whole.stories.latest()));
  assertGolden(`stories/${scenario}.events.txt`, renderTrees(alone, alone.latest));
});

test('renderMarkdown makes a document of an incident that is as reviewed', () => {
  const { stories } = tellAll('v1.36/b-bad-image');
  const failed = stories.tell().find((story) => story.outcome === 'failed');
  assert.ok(failed !== undefined);
  assertGolden('stories/v1.36/b-bad-image.md', renderMarkdown(failed, stories.latest()));
});

test('renderMarkdown says over how long something was repeated only where that is more than a moment', () => {
  const told = listScenarios().map((scenario) => {
    const { stories } = tellAll(scenario);
    return stories.tell().map((story) => renderMarkdown(story, stories.latest()));
  });
  const text = told.flat().join('');
  assert.match(text, /\(×\d+\)/);
  assert.match(text, /\(×\d+ over \d+s\)/);
  assert.doesNotMatch(text, /over 0/);
});

test('renderTree keeps within its width when that is small', () => {
  const { stories, latest } = tellAll('v1.36/c-crashloop');
  for (const width of [60, 80, 100, 160])
    for (const story of stories.tell())
      for (const line of renderTree(story, { width, now: latest, style: STYLE }))
        assert.ok(line.length <= width, `${width}: ${line}`);
});
