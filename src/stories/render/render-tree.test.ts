import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjects } from '../../../test/read-objects.ts';
import { readScenario } from '../../../test/read-record.ts';
import { listScenarios } from '../../../test/read-recording.ts';
import { createStyle } from '../../lib/ansi-style.ts';
import { displayWidth } from '../../lib/display-width.ts';
import { HOUR, MINUTE } from '../../lib/time.ts';
import { diagnose } from '../diagnose/diagnose.ts';
import { openStories, type Stories } from '../open-stories.ts';
import { renderTree } from './render-tree.ts';
import { renderWhy } from './render-why.ts';

const STYLE = createStyle(false);

function tellAll(scenario: string): Stories {
  const stories = openStories();
  readScenario(scenario).forEach(stories.addEvent);
  const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
  objects.forEach(stories.addObject);
  changes.forEach(stories.addChange);
  return stories;
}

test('renderTree and renderWhy keep to the width when it is 40 columns or more, whatever is told and however long ago', () => {
  for (const scenario of listScenarios()) {
    const stories = tellAll(scenario);
    const asOf = stories.latest() - MINUTE;
    const diagnosis = diagnose(stories.tell(asOf), asOf);
    for (const width of [40, 47, 60, 80, 120])
      for (const now of [asOf, asOf + 48 * HOUR]) {
        const options = { width, now, style: STYLE, namespaces: true };
        const lines = [
          ...stories.tell().flatMap((story) => renderTree(story, options)),
          ...renderWhy(diagnosis, options),
        ];
        const tooLong = lines.filter((line) => displayWidth(line) > width);
        assert.deepEqual(tooLong, [], `${scenario} at ${width}`);
        assert.ok(lines.length > 2);
      }
  }
});

test('renderTree leaves no word of a heading out when it is narrow', () => {
  for (const story of tellAll('v1.36/b-bad-image').tell()) {
    const lines = renderTree(story, {
      width: 40,
      now: story.from + 48 * HOUR,
      style: STYLE,
      namespaces: true,
    });
    const head = lines.slice(
      0,
      lines.findIndex((line) => /^[├└]/.test(line)),
    );
    const words = head.join('').replace(/[│\s]/g, '');
    assert.ok(words.includes(story.title.replace(/\s/g, '')), head.join('\n'));
    assert.match(words, /2026-11-23/);
  }
});
