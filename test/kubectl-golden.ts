import type { Event, RecordedEvent } from '../src/events/event.ts';
import { lastSeen } from '../src/events/event-time.ts';
import { identify } from '../src/events/identity.ts';
import { makeRecord, mergeSighting } from '../src/events/merge-records.ts';
import { parseEvent } from '../src/events/parse-event.ts';
import { compareResourceVersions } from '../src/events/resource-version.ts';
import { type Micros, SECOND } from '../src/lib/time.ts';
import {
  listRecordings,
  listScenarios,
  type RecordedLine,
  readRecordedWatch,
  readRecording,
} from './read-recording.ts';

/** What kubectl printed at one moment of a scenario. */
export interface KubectlOutput {
  readonly scenario: string;
  /** `kubectl-get-events`, `describe-pods`, … */
  readonly command: string;
  /** `.1-after-60s`, or empty for the end. */
  readonly suffix: string;
  /** Of the kubectl that printed it. */
  readonly version: string;
  readonly lines: readonly string[];
}

/** The recorded outputs of the commands that the pattern matches, of all scenarios. */
export function readKubectlOutputs(commands: RegExp): KubectlOutput[] {
  const name =
    /^((?:kubectl-1\.32|kubectl|describe)-[a-z-]+)((?:\.\d-[a-z0-9-]+|\.default-ns)?)(\.kubectl-1\.32)?\.txt$/;
  return listScenarios().flatMap((scenario) =>
    listRecordings(scenario).flatMap((file) => {
      const match = name.exec(file);
      if (match === null || !commands.test(match[1] ?? '')) return [];
      const [, command = '', suffix = '', newer] = match;
      const version =
        newer === undefined && !command.startsWith('kubectl-1.32') ? scenario.slice(1, 5) : '1.32';
      const lines = readRecording(`${scenario}/${file}`)
        .split('\n')
        .filter((line) => !line.startsWith('#'));
      return [{ scenario, command, suffix, version, lines }];
    }),
  );
}

/** The Events that were there at that moment, with all repeats that were heard until then. */
export function readSnapshot(scenario: string, suffix: string): RecordedEvent[] {
  const { items, metadata } = readList(scenario, suffix);
  const records = new Map<string, RecordedEvent>();
  for (const event of readWatchedEvents(scenario, suffix)) {
    if (compareResourceVersions(event.resourceVersion, metadata.resourceVersion) > 0) continue;
    records.set(
      identify(event),
      mergeSighting(records.get(identify(event)), 'c', { event, deleted: false, at: 0 }),
    );
  }
  return items.map((item) => {
    const event = parseEvent(item, 'v1');
    return records.get(identify(event)) ?? makeRecord('c', event);
  });
}

/** What was heard after that moment, in order. */
export function readAfterwards(scenario: string, suffix: string): Event[] {
  const { metadata } = readList(scenario, suffix);
  return readWatchedEvents(scenario, suffix).filter(
    (event) => compareResourceVersions(event.resourceVersion, metadata.resourceVersion) > 0,
  );
}

function readList(
  scenario: string,
  suffix: string,
): { items: unknown[]; metadata: { resourceVersion: string } } {
  return JSON.parse(readRecording(`${scenario}/events-core-v1${suffix}.json`));
}

const watched = new Map<string, Event[]>();

function readWatchedEvents(scenario: string, suffix: string): Event[] {
  const folder = suffix === '.default-ns' ? `${scenario}/default-ns` : scenario;
  const known = watched.get(folder);
  if (known !== undefined) return known;
  const lines = readRecordedWatch(`${folder}/events-core-v1.jsonl`);
  const events = lines.filter((line) => line.type !== 'DELETED').map((line) => parseEvent(line.object));
  watched.set(folder, events);
  return events;
}

/**
 * The moment at which a command was run, found by its output: the first `now` at which every Event prints as one of the wanted rows, padding
 * aside; the time of the latest Event when there is none.
 */
export function findNow(
  records: readonly RecordedEvent[],
  wanted: readonly string[],
  printRow: (record: RecordedEvent, now: Micros) => string,
): Micros {
  const rows = new Set(wanted.map(squeeze));
  const isRight = (record: RecordedEvent, now: Micros) => rows.has(squeeze(printRow(record, now)));
  const latest = Math.max(...records.map(({ event }) => lastSeen(event) ?? 0));
  const start = Math.floor(latest / SECOND) * SECOND;
  // Ages change when the fraction of a second is that of some Event's time; for most Events that is none.
  const precise = records.filter(({ event }) => event.eventTime !== undefined);
  const others = records.filter(({ event }) => event.eventTime === undefined);
  const fractions = precise.flatMap(({ event }) => [
    event.eventTime ?? 0,
    event.series?.lastObservedTime ?? 0,
  ]);
  for (let second = start; second < start + 3_600 * SECOND; second += SECOND) {
    if (!others.every((record) => isRight(record, second))) continue;
    const moments = [0, ...fractions.map((time) => time % SECOND)].sort((a, b) => a - b);
    const found = moments.find((moment) => precise.every((record) => isRight(record, second + moment)));
    if (found !== undefined) return second + found;
  }
  return latest;
}

/** A row without the padding between its cells. */
function squeeze(line: string): string {
  return line.trim().replace(/ {2,}/g, '  ');
}

/** The `Events:` block of one object that `kubectl describe` printed. */
export interface DescribedObject {
  readonly name: string;
  /** Empty where the description does not tell. */
  readonly namespace: string;
  readonly lines: readonly string[];
}

/** Cuts what `kubectl describe` printed of several objects into their `Events:` blocks; objects printed without one are left out. */
export function readDescribedObjects(output: KubectlOutput): DescribedObject[] {
  const text = `\n${output.lines.join('\n')}`;
  return text
    .split(/\n(?=Name: )/)
    .slice(1)
    .flatMap((object) => {
      const field = (name: string) => new RegExp(`^${name}: +(.*)$`, 'm').exec(object)?.[1] ?? '';
      const start = object.search(/^Events:/m);
      if (start < 0) return [];
      const lines = object
        .slice(start)
        .split('\n')
        .filter((line) => line !== '');
      return [{ name: field('Name'), namespace: field('Namespace'), lines }];
    });
}

const objects = new Map<string, RecordedLine[]>();

function readObjects(scenario: string): RecordedLine[] {
  const known = objects.get(scenario) ?? readRecordedWatch(`${scenario}/objects.jsonl`);
  objects.set(scenario, known);
  return known;
}

/** The uid that the named object had at the moment of a snapshot; undefined when its watch does not hold it. */
export function readUid(
  output: KubectlOutput,
  kind: string,
  { name, namespace }: DescribedObject,
): string | undefined {
  const { scenario, suffix } = output;
  const list = readList(scenario, suffix);
  let uid: string | undefined;
  for (const line of readObjects(scenario)) {
    const object = line.object as {
      kind: string;
      metadata: { name: string; namespace?: string; uid: string; resourceVersion: string };
    };
    const { metadata } = object;
    const isIt =
      object.kind === kind &&
      metadata.name === name &&
      (namespace === '' || metadata.namespace === namespace);
    if (isIt && compareResourceVersions(metadata.resourceVersion, list.metadata.resourceVersion) <= 0)
      uid = metadata.uid;
  }
  return uid;
}
