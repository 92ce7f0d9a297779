import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identify } from '../src/events/identity.ts';
import { createStyle } from '../src/lib/ansi-style.ts';
import { logRecordsOf } from '../src/traces/log-records.ts';
import { renderWaterfall } from '../src/traces/render-waterfall.ts';
import type { Span, Trace } from '../src/traces/span.ts';
import { traceStories } from '../src/traces/trace-stories.ts';
import { assertGolden } from './assert-golden.ts';
import fc from './fast-check.ts';
import { listScenarios } from './read-recording.ts';
import { type Recorded, readRecorded, tellRecorded } from './tell-recording.ts';

function trace(recorded: Recorded): Trace[] {
  const told = tellRecorded(recorded);
  return traceStories(told.stories, told);
}

const walk = (traces: readonly Trace[]): Span[] => traces.flatMap(({ spans }) => spans);

for (const scenario of listScenarios()) {
  for (const withObjects of [false, true]) {
    const what = `${scenario} ${withObjects ? 'with its objects' : 'from Events alone'}`;
    const recorded = readRecorded(scenario, withObjects);

    test(`traceStories tells each happening of ${what} in exactly one span, once`, () => {
      const { stories, heard, asOf } = tellRecorded(recorded);
      const traces = traceStories(stories, { heard, asOf });
      const told = stories.flatMap((story, index) => {
        const own = traces[index];
        assert.ok(own !== undefined && own.storyId === story.id);
        return logRecordsOf(story, own, heard);
      });
      const key = (cluster: unknown, name: unknown, uid: unknown, at: number, message: string) =>
        JSON.stringify([cluster, name, uid, at, message.replace('(combined from similar events): ', '')]);
      const wanted = recorded.events.flatMap(({ cluster, event, occurrences }) =>
        occurrences.map(({ at, message }) => key(cluster, event.name, event.uid, at, message)),
      );
      const spans = new Set(walk(traces).map(({ spanId }) => spanId));
      assert.ok(told.every(({ spanId }) => spans.has(spanId)));
      assert.deepEqual(
        told
          .map(({ at, message, attributes, resource }) =>
            key(
              resource.attributes['k8s.cluster.uid'],
              attributes['k8s.event.name'],
              attributes['k8s.event.uid'],
              at,
              message,
            ),
          )
          .sort(),
        wanted.sort(),
      );
      assert.ok(wanted.length >= recorded.events.length && recorded.events.length > 0);
    });

    test(`traceStories gives each trace of ${what} one root, and every other span a parent in it`, () => {
      for (const { spans, traceId } of trace(recorded)) {
        assert.deepEqual(
          spans.filter(({ parentSpanId }) => parentSpanId === ''),
          [spans[0]],
        );
        const ids = new Set<string>();
        for (const span of spans) {
          assert.equal(span.traceId, traceId);
          assert.ok(span.parentSpanId === '' || ids.has(span.parentSpanId), `${span.name} before its parent`);
          ids.add(span.spanId);
        }
        assert.equal(ids.size, spans.length);
      }
    });

    test(`traceStories ends no span of ${what} before it begins or before what it caused began`, () => {
      for (const { spans } of trace(recorded)) {
        const byId = new Map(spans.map((span) => [span.spanId, span]));
        const [root] = spans;
        for (const span of spans) {
          assert.ok(span.from <= span.to, span.name);
          assert.ok(root.from <= span.from && span.to <= root.to, `${span.name} is not within its trace`);
          const parent = byId.get(span.parentSpanId);
          if (parent === undefined) continue;
          assert.ok(parent.from <= span.from, `${span.name} begins before ${parent.name}`);
          assert.ok(span.from <= parent.to, `${parent.name} ends before ${span.name} began`);
        }
      }
    });

    test(`traceStories gives ids of ${what} that are valid, its own, and the same in any order of arrival`, () => {
      const first = trace(recorded);
      const spans = walk(first);
      assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, spans.length);
      assert.equal(new Set(first.map(({ traceId }) => traceId)).size, first.length);
      for (const { traceId, spanId } of spans) {
        assert.match(traceId, /^(?!0{32})[0-9a-f]{32}$/);
        assert.match(spanId, /^(?!0{16})[0-9a-f]{16}$/);
      }
      const { events, objects, changes } = recorded;
      fc.assert(
        fc.property(
          fc.shuffledSubarray([...events], { minLength: events.length }),
          fc.shuffledSubarray([...objects], { minLength: objects.length }),
          fc.shuffledSubarray([...changes], { minLength: changes.length }),
          (someEvents, someObjects, someChanges) => {
            assert.deepEqual(
              trace({ events: someEvents, objects: someObjects, changes: someChanges }),
              first,
            );
          },
        ),
        { numRuns: 2 },
      );
    });
  }
}

for (const scenario of [
  'a-healthy-rollout',
  'b-bad-image',
  'h-statefulset',
  'j-rollout-undo',
  'n-node-notready',
]) {
  test(`waterfalls of ${scenario} are as reviewed`, () => {
    const told = tellRecorded(readRecorded(`v1.36/${scenario}`, false));
    const traces = traceStories(told.stories, told);
    const lines = told.stories.flatMap((story, index) => {
      const own = traces[index];
      assert.ok(own !== undefined);
      const shape = { width: 118, now: told.asOf, style: createStyle(false) };
      return [...renderWaterfall(story, own, shape), ''];
    });
    assertGolden(`traces/v1.36/${scenario}.txt`, lines.join('\n'));
  });
}

test('traceStories counts as errors what went wrong and was not overcome, and nothing else', () => {
  const errors = (scenario: string) =>
    walk(trace(readRecorded(scenario, false))).filter(({ error }) => error !== undefined);
  assert.deepEqual(errors('v1.36/a-healthy-rollout'), []);
  const failed = errors('v1.36/b-bad-image');
  assert.deepEqual([...new Set(failed.map(({ name }) => name))].sort(), [
    'Deployment.Rollout',
    'Pod.BackOff',
    'Pod.Failed',
  ]);
  assert.ok(failed.some(({ error }) => error?.includes('insufficient_scope')));
  const waited = walk(trace(readRecorded('v1.36/n-node-notready', false)));
  const notReady = waited.filter(({ name }) => name === 'Pod.NodeNotReady');
  assert.ok(notReady.length > 0 && notReady.every(({ error }) => error === undefined));
});

test('traceStories keeps the repeats of a step as events of its one span, with their number', () => {
  const recorded = readRecorded('v1.36/b-bad-image', false);
  const [backOff] = walk(trace(recorded)).filter(({ name }) => name === 'Pod.BackOff');
  assert.ok(backOff !== undefined);
  assert.equal(backOff.attributes['k8s.event.count'], 64);
  assert.equal(backOff.events.at(-1)?.attributes['k8s.event.count'], 64);
  assert.ok(
    backOff.events.every(({ at, name }) => name === 'BackOff' && at >= backOff.from && at <= backOff.to),
  );
});

test('traceStories keeps at most 128 events of a span and counts the others', () => {
  const recorded = readRecorded('v1.36/b-bad-image', false);
  const events = recorded.events.map((record) => {
    if (record.event.reason !== 'BackOff') return record;
    const [first] = record.occurrences;
    assert.ok(first !== undefined);
    const repeats = Array.from({ length: 500 }, (_, index) => ({
      ...first,
      at: first.at + index * 1_000_000,
    }));
    return { ...record, occurrences: repeats };
  });
  const crowded = walk(trace({ ...recorded, events })).filter(({ droppedEvents }) => droppedEvents > 0);
  assert.ok(crowded.length > 0);
  for (const { events: kept, droppedEvents, attributes } of crowded) {
    assert.equal(kept.length, 128);
    assert.equal(droppedEvents, 500 - 1 - 128);
    assert.equal(attributes['k8s.event.count'], 500);
  }
});

test('traceStories keeps changes as events: what began a story of its root, an exit code of the span it befell', () => {
  const traces = trace(readRecorded('v1.36/b-bad-image', true));
  const changed = traces
    .flatMap(({ spans }) => spans[0].events)
    .filter(({ name }) => name === 'spec-changed');
  assert.deepEqual(changed[0]?.attributes['hark.fields'], [
    'image: ghcr.io/stefanprodan/podinfo:6.0.0 → example',
  ]);
  assert.equal(changed[0]?.attributes['hark.manager'], 'kubectl-set');
  const roots = traces.map(({ spans }) => spans[0]);
  assert.ok(roots.some(({ resource }) => resource.attributes['service.name'] === 'kubectl-set'));
  const crashloop = readRecorded('v1.36/c-crashloop', true);
  const exitCodes = crashloop.changes.flatMap((change) =>
    change.type === 'container-terminated' ? [change.exitCode] : [],
  );
  const crashes = walk(trace(crashloop))
    .flatMap(({ events }) => events)
    .filter(({ name }) => name === 'container-terminated');
  assert.deepEqual(crashes.map(({ attributes }) => attributes['process.exit.code']).sort(), exitCodes.sort());
  assert.ok(exitCodes.includes(137));
});

test('traceStories links each run of a CronJob with the one before it', () => {
  const traces = trace(readRecorded('v1.36/g-jobs', false));
  const roots = new Map(traces.map(({ traceId, spans }) => [traceId, spans[0]]));
  const runs = [...roots.values()].filter(
    ({ attributes }) =>
      attributes['k8s.cronjob.name'] === 'heartbeat' && attributes['hark.story.kind'] === 'run',
  );
  assert.ok(runs.length > 2);
  for (const [index, run] of runs.entries()) {
    const before = run.links.filter(({ attributes }) => attributes['hark.link'] === 'previous-run');
    assert.deepEqual(
      before.map(({ traceId, spanId }) => [traceId, spanId]),
      index === 0 ? [] : [[runs[index - 1]?.traceId, runs[index - 1]?.spanId]],
    );
  }
});

test('traceStories joins what comes a day late to the trace it belongs to, and changes no other id', () => {
  const recorded = readRecorded('v1.36/a-healthy-rollout', false);
  const isLate = ({ event }: Recorded['events'][number]) => event.reason === 'Started';
  const early = trace({ ...recorded, events: recorded.events.filter((record) => !isLate(record)) });
  const late = trace(recorded);
  assert.deepEqual(
    early.map(({ traceId }) => traceId),
    late.map(({ traceId }) => traceId),
  );
  const known = new Set(walk(early).map(({ spanId }) => spanId));
  const added = walk(late).filter(({ spanId }) => !known.has(spanId));
  assert.equal(walk(late).length, known.size + added.length);
  assert.deepEqual([...new Set(added.map(({ name }) => name))], ['Pod.Started']);
  assert.ok(added.every(({ parentSpanId }) => known.has(parentSpanId)));
  assert.equal(added.length, recorded.events.filter(isLate).length);
});

test('traceStories names spans by what Events are named by, an Event seen by more than one name but once', () => {
  const recorded = readRecorded('v1.36/b-bad-image', false);
  const reasons = new Set(recorded.events.map(({ event }) => `${event.involvedObject.kind}.${event.reason}`));
  const names = new Set(
    walk(trace(recorded))
      .filter((span) => span.stepId !== '')
      .map(({ name }) => name),
  );
  assert.deepEqual([...names].sort(), [...reasons].sort());
  assert.equal(new Set(recorded.events.map(({ event }) => identify(event))).size, recorded.events.length);
});
