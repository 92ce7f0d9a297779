import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../read-recording.ts';
import { runHark } from './start-hark.ts';

const EVIL = '\u001b[31m\u009b1m\u202e\u0000\u007f';
const CONTROLS = /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u;

/** Before the image was mended. */
const NOW = '2026-11-23T15:53:00Z';

/** Recorded Events, with what a terminal may act on in every text that a client could have written. */
function makeEvil(): string {
  const list = JSON.parse(readRecording('v1.36/b-bad-image/kubectl-get-events.json')) as {
    items: Record<string, Record<string, string> | string>[];
  };
  list.items = list.items.filter(({ lastTimestamp }) => String(lastTimestamp) < NOW);
  for (const item of list.items) {
    const { involvedObject, source } = item;
    assert.ok(typeof involvedObject === 'object' && typeof source === 'object');
    item.message = `${String(item.message)}${EVIL}`;
    item.reportingComponent = EVIL;
    source.component = `${source.component}${EVIL}`;
    source.host = EVIL;
    involvedObject.name = `${involvedObject.name}${EVIL}`;
    involvedObject.fieldPath = `spec.containers{${EVIL}}`;
  }
  return JSON.stringify(list);
}

test('no command prints what a terminal would act on when Events hold it in any field', {
  timeout: 120_000,
}, async () => {
  const input = makeEvil();
  for (const args of [
    ['events'],
    ['events', '-o', 'json'],
    ['story'],
    ['story', '-o', 'markdown'],
    ['story', '-o', 'json'],
    ['why'],
    ['why', '-o', 'json'],
    ['why', '-o', 'markdown'],
    ['top', 'objects'],
    ['trace'],
    ['trace', '-o', 'otlp-json'],
    ['trace', '-o', 'otlp-logs-json'],
  ]) {
    const { stdout, stderr } = await runHark([...args, '--from', '-', '--now', NOW], { input });
    assert.ok(stdout.includes('podinfo'), `hark ${args.join(' ')} has something to say: ${stderr}`);
    assert.doesNotMatch(stdout, CONTROLS, `hark ${args.join(' ')}`);
    assert.doesNotMatch(stderr, CONTROLS, `hark ${args.join(' ')}`);
  }
});
