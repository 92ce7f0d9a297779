import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readObjects } from '../../../test/read-objects.ts';
import { readScenario } from '../../../test/read-record.ts';
import { listScenarios } from '../../../test/read-recording.ts';
import { HOUR, MINUTE, type Micros, SECOND } from '../../lib/time.ts';
import { openStories } from '../open-stories.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis } from './finding.ts';

const CUTS = 4;

function diagnoseAt(scenario: string, at: Micros, isWhole: boolean, asOf = at): Diagnosis {
  const stories = openStories();
  readScenario(scenario, at).forEach(stories.addEvent);
  const { objects, changes } = isWhole
    ? readObjects(`${scenario}/objects.jsonl`)
    : { objects: [], changes: [] };
  for (const object of objects) {
    if ((object.createdAt ?? 0) > at) continue;
    stories.addObject({ ...object, deletedAt: (object.deletedAt ?? at) < at ? object.deletedAt : undefined });
  }
  for (const change of changes) if (change.at <= at) stories.addChange(change);
  return diagnose(stories.tell(asOf), asOf);
}

/** Moments of a recording, the last one right before it was cleaned up. */
function cutsOf(scenario: string): Micros[] {
  const times = readScenario(scenario).flatMap(({ occurrences }) => occurrences.map(({ at }) => at));
  const isTornDown = scenario.endsWith('z-mixed-all-namespaces');
  const [from, to] = [Math.min(...times), Math.max(...times) + (isTornDown ? -30 : 1) * SECOND];
  return Array.from({ length: CUTS }, (_, index) => from + ((to - from) * (index + 1)) / CUTS);
}

function nameOf({ failure, subject, object }: Diagnosis['findings'][number]): string {
  return `${failure} ${subject} ${object.kind}/${object.name}`;
}

describe('the id of a finding', () => {
  for (const scenario of listScenarios())
    test(`is the same later, after repeats, and with objects as from Events alone, in ${scenario}`, () => {
      const ids = new Map<string, string>();
      const names = new Map<string, string>();
      for (const at of cutsOf(scenario))
        for (const isWhole of [false, true]) {
          const { findings, healed } = diagnoseAt(scenario, at, isWhole);
          for (const finding of [...findings, ...healed]) {
            const name = `${finding.object.namespace} ${nameOf(finding)}`;
            assert.equal(ids.get(name) ?? finding.id, finding.id, name);
            ids.set(name, finding.id);
            const known = names.get(finding.id) ?? `${finding.failure} ${finding.subject}`;
            assert.equal(known, `${finding.failure} ${finding.subject}`);
            names.set(finding.id, known);
          }
        }
    });

  test('is there an hour later, when nothing more was heard but it was not mended either', () => {
    const last = cutsOf('v1.36/f-failed-mount').at(-1) ?? 0;
    const now = diagnoseAt('v1.36/f-failed-mount', last, true);
    const later = diagnoseAt('v1.36/f-failed-mount', last, true, last + HOUR);
    assert.ok(now.findings.length > 0);
    assert.deepEqual(later.findings.map(({ id }) => id).sort(), now.findings.map(({ id }) => id).sort());
  });

  test('is gone when a bad image was mended, and its Pod with it', () => {
    const cuts = cutsOf('v1.36/b-bad-image').map((at) => diagnoseAt('v1.36/b-bad-image', at, true));
    const image = cuts.flatMap(({ findings }) => findings).find(({ failure }) => failure === 'image-pull');
    assert.ok(image !== undefined);
    assert.deepEqual(
      cuts.at(-1)?.findings.filter(({ id }) => id === image.id),
      [],
    );
  });

  test('goes from the findings to the healed ones when a Node is ready again', () => {
    const end = cutsOf('v1.36/n-node-notready').at(-1) ?? 0;
    const cuts = [end - MINUTE, end].map((at) => diagnoseAt('v1.36/n-node-notready', at, true));
    const node = cuts.flatMap(({ findings }) => findings).find(({ failure }) => failure === 'node-not-ready');
    assert.ok(node !== undefined);
    const last = cuts.at(-1);
    assert.ok(last !== undefined);
    const told = [...last.findings, ...last.healed].filter(({ id }) => id === node.id);
    assert.deepEqual(
      told.map(({ state }) => state),
      ['healed'],
    );
  });
});
