import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Compile } from 'typebox/schema';
import { createNoiseCounter, NOISE_KEYS } from '../src/events/count-noise.ts';
import { noiseToJson } from '../src/events/noise-to-json.ts';
import { diagnose } from '../src/stories/diagnose/diagnose.ts';
import { openStories } from '../src/stories/open-stories.ts';
import { storiesToJson } from '../src/stories/render/to-json.ts';
import { whyToJson } from '../src/stories/render/why-to-json.ts';
import { readObjects } from './read-objects.ts';
import { readScenario } from './read-record.ts';
import { listScenarios } from './read-recording.ts';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));

interface Schema {
  readonly $defs: Readonly<Record<string, { readonly properties: Readonly<Record<string, unknown>> }>>;
}

const SCHEMA = JSON.parse(readFileSync(`${DOCS}output.schema.json`, 'utf8')) as Schema;
/** A field that the schema does not know is allowed to those who read it, not to us. */
const STRICT = Compile(closeObjects(SCHEMA) as object);

function closeObjects(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closeObjects);
  if (typeof schema !== 'object' || schema === null) return schema;
  const closed = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closeObjects(value)]));
  return 'properties' in closed && 'type' in closed && closed.type === 'object'
    ? { ...closed, additionalProperties: false }
    : closed;
}

function assertMeets(output: unknown, what: string): void {
  const document: unknown = JSON.parse(JSON.stringify(output));
  if (STRICT.Check(document)) return;
  assert.fail(`${what}: ${JSON.stringify(STRICT.Errors(document)[1].slice(0, 3))}`);
}

for (const scenario of listScenarios())
  test(`what is printed of ${scenario} is as output.schema.json says`, () => {
    const records = readScenario(scenario);
    const { objects, changes } = readObjects(`${scenario}/objects.jsonl`);
    for (const isWhole of [false, true]) {
      const stories = openStories();
      records.forEach(stories.addEvent);
      if (isWhole) {
        objects.forEach(stories.addObject);
        changes.forEach(stories.addChange);
      }
      const asOf = Math.max(...records.map(({ occurrences }) => occurrences.at(-1)?.at ?? 0));
      const told = stories.tell(asOf);
      assert.ok(told.length > 0);
      assertMeets(storiesToJson(told), 'stories');
      assertMeets(whyToJson(diagnose(told, asOf)), 'why');
    }
    for (const by of NOISE_KEYS) {
      const counter = createNoiseCounter(by, undefined, undefined);
      records.forEach(counter.add);
      const counted = counter.finish(20);
      assertMeets(noiseToJson(counted, counted.noises, by), by);
    }
  });

test('output.schema.json refuses what is not printed', () => {
  const list = { apiVersion: 'hark.story/v1', kind: 'StoryList', items: [] };
  assert.ok(STRICT.Check(list));
  assert.ok(!STRICT.Check({ ...list, apiVersion: 'hark.story/v2' }));
  assert.ok(!STRICT.Check({ ...list, more: 1 }));
  assert.ok(!STRICT.Check({ ...list, items: [{}] }));
});

test('docs/stories.md tells of every field that output.schema.json has', () => {
  const text = readFileSync(`${DOCS}stories.md`, 'utf8');
  for (const [name, { properties }] of Object.entries(SCHEMA.$defs))
    for (const field of Object.keys(properties))
      assert.ok(text.includes(`\`${field}\``), `${name}.${field} is not described`);
});
