import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareRecordedEvents } from '../src/events/compare-events.ts';
import type { Event, RecordedEvent } from '../src/events/event.ts';
import { identify } from '../src/events/identity.ts';
import { mergeSighting } from '../src/events/merge-records.ts';
import { describeTable, formatDescribeTable } from '../src/events/tables/describe-table.ts';
import type { Micros } from '../src/lib/time.ts';
import {
  type DescribedObject,
  findNow,
  type KubectlOutput,
  readAfterwards,
  readDescribedObjects,
  readKubectlOutputs,
  readSnapshot,
  readUid,
} from './kubectl-golden.ts';

const KINDS: Readonly<Record<string, string>> = {
  cronjobs: 'CronJob',
  daemonsets: 'DaemonSet',
  deployments: 'Deployment',
  jobs: 'Job',
  nodes: 'Node',
  pods: 'Pod',
  pvc: 'PersistentVolumeClaim',
  replicasets: 'ReplicaSet',
  statefulsets: 'StatefulSet',
};

function eventsOf(
  records: readonly RecordedEvent[],
  output: KubectlOutput,
  object: DescribedObject,
): RecordedEvent[] {
  const kind = KINDS[output.command.replace('describe-', '')] ?? '';
  const uid = readUid(output, kind, object);
  return records.filter(({ event }) => {
    const { involvedObject } = event;
    const isNamed = involvedObject.kind === kind && involvedObject.name === object.name;
    if (kind !== 'Node') return isNamed && involvedObject.uid === uid;
    // kubectl 1.20 looks for a Node's Events by its name as uid alone.
    const isByUid = involvedObject.uid === uid && output.version !== '1.20';
    return isNamed && (involvedObject.uid === object.name || isByUid);
  });
}

function print(records: readonly RecordedEvent[], now: Micros): string[] {
  return formatDescribeTable(describeTable(records, { now }));
}

function printRow(record: RecordedEvent, now: Micros): string {
  return describeTable([record], { now }).rows[0]?.join('  ') ?? '';
}

/** The Events as they were when kubectl ran, some seconds after the list: with as many of the next updates as make its rows ours. */
function withUpdates(
  records: readonly RecordedEvent[],
  updates: readonly Event[],
  wanted: readonly string[],
): RecordedEvent[] {
  const current = new Map(records.map((record) => [identify(record.event), record]));
  for (const event of [undefined, ...updates]) {
    const known = event && current.get(identify(event));
    if (event !== undefined && known !== undefined) {
      current.set(identify(event), mergeSighting(known, 'c', { event, deleted: false, at: 0 }));
    }
    const sorted = [...current.values()].sort(compareRecordedEvents);
    const now = findNow(sorted, wanted, printRow);
    if (print(sorted, now).toSorted().join('\n') === wanted.toSorted().join('\n')) return sorted;
  }
  return [...records];
}

/** @returns how many rows were compared */
function checkBlock(records: readonly RecordedEvent[], wanted: readonly string[], where: string): number {
  if (wanted[0] !== 'Events:') {
    assert.match(wanted[0] ?? '', /^Events: +<none>$/);
    assert.deepEqual(print(records, 0), ['Events:  <none>'], where);
    return 0;
  }
  const now = findNow(records, wanted, printRow);
  const printed = print(records, now);
  assert.deepEqual(printed.slice(0, 3), wanted.slice(0, 3), where);
  assert.deepEqual(printed.toSorted(), wanted.toSorted(), where);
  checkOrder(records, printed, wanted, where);
  return wanted.length - 3;
}

/** Of two Events of the old style that were last seen in different seconds kubectl's order is right. */
function checkOrder(
  records: readonly RecordedEvent[],
  ours: readonly string[],
  wanted: readonly string[],
  where: string,
): void {
  const rows = ours.slice(3).map((line, index) => ({ line, at: records[index]?.event.lastTimestamp }));
  const old = rows.filter(
    ({ at, line }) => at !== undefined && ours.filter((other) => other === line).length === 1,
  );
  for (const [index, { line, at }] of old.entries()) {
    const next = old[index + 1];
    if (next === undefined || next.at === at) continue;
    assert.ok(wanted.indexOf(line) < wanted.indexOf(next.line), `${where}: ${line} before ${next.line}`);
  }
}

test('formatDescribeTable prints the bytes of kubectl describe when the object is any recorded one', () => {
  let rows = 0;
  for (const output of readKubectlOutputs(/^describe-/)) {
    // A Node's Events are in the namespace default, of which there is one list at the end.
    const isElsewhere = output.scenario.endsWith('n-node-notready') && output.suffix !== '.default-ns';
    if (output.command === 'describe-nodes' && isElsewhere) continue;
    const where = `${output.scenario} ${output.command}${output.suffix}`;
    const snapshot = readSnapshot(output.scenario, output.suffix);
    const afterwards = readAfterwards(output.scenario, output.suffix);
    for (const object of readDescribedObjects(output)) {
      const records = eventsOf(snapshot, output, object);
      // kubectl 1.20 knows no series yet.
      if (output.version === '1.20' && records.some((record) => record.event.series !== undefined)) continue;
      const updates = afterwards.filter((event) =>
        records.some((record) => identify(record.event) === identify(event)),
      );
      rows += checkBlock(
        withUpdates(records, updates.slice(0, 10), object.lines),
        object.lines,
        `${where} ${object.name}`,
      );
    }
  }
  assert.ok(rows > 1_000, `only ${rows} rows`);
});
