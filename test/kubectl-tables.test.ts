import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedEvent } from '../src/events/event.ts';
import { eventsTable } from '../src/events/tables/events-table.ts';
import { getEventsTable } from '../src/events/tables/get-events-table.ts';
import { formatTable } from '../src/events/tables/table.ts';
import type { Micros } from '../src/lib/time.ts';
import { findNow, type KubectlOutput, readKubectlOutputs, readSnapshot } from './kubectl-golden.ts';

function checkTable(output: KubectlOutput): void {
  const records = readSnapshot(output.scenario, output.suffix);
  const wanted = output.lines.filter((line) => line !== '');
  const namespaces = wanted[0]?.startsWith('NAMESPACE') ?? false;
  const wide = output.command.endsWith('-wide');
  const isGet = output.command !== 'kubectl-1.32-events';
  const make = (some: readonly RecordedEvent[], now: Micros) =>
    isGet ? getEventsTable(some, { now, namespaces, wide }) : eventsTable(some, { now, namespaces });
  const now = findNow(records, wanted, (record, at) => make([record], at).rows[0]?.join('  ') ?? '');
  const printed = [...formatTable(make(records, now))];
  assert.equal(printed[0], wanted[0]);
  assert.deepEqual(
    printed.toSorted(),
    wanted.toSorted(),
    `${output.scenario} ${output.command}${output.suffix}`,
  );
}

for (const [command, atLeast] of [
  ['kubectl-get-events', 43],
  ['kubectl-get-events-wide', 43],
  ['kubectl-1.32-events', 43],
] as const) {
  test(`the table prints the bytes of ${command} when the Events are those of any recorded snapshot`, () => {
    const outputs = readKubectlOutputs(/^/).filter((output) => output.command === command);
    assert.ok(outputs.length >= atLeast, `${outputs.length} recorded`);
    for (const output of outputs) checkTable(output);
  });
}
