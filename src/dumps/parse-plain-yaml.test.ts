import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse, stringify, type ToStringOptions } from 'yaml';
import { listScenarios, readRecording } from '../../test/read-recording.ts';
import { parsePlainYaml } from './parse-plain-yaml.ts';

/** As `yaml` reads it, or undefined where that finds a mistake. */
function parseFully(text: string): { value: unknown } | undefined {
  try {
    return { value: parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Asserts that the plain parser gives what the full one gives, or declines. */
function assertAgrees(text: string): boolean {
  const plain = parsePlainYaml(text);
  if (plain !== undefined) assert.deepEqual(plain, parseFully(text), text);
  return plain !== undefined;
}

test('parsePlainYaml reads what kubectl prints of an Event', () => {
  const text = [
    'action: ""',
    'count: 3',
    'eventTime: null',
    'involvedObject:',
    '  fieldPath: spec.containers{web}',
    '  kind: Pod',
    "message: 'Back-off: it''s gone'",
    'metadata:',
    '  annotations: {}',
    '  managedFields:',
    '  - fieldsV1:',
    '      f:message: {}',
    '    manager: kubelet',
    '  name: web.18eac01699dfe76d',
    'source: {}',
    'list:',
    '- a: 1',
    '  b: true',
    '- |-',
    '  two',
    '  lines',
    'type: Warning',
    '',
  ].join('\n');
  assert.deepEqual(parsePlainYaml(text, 'managedFields')?.value, {
    action: '',
    count: 3,
    eventTime: null,
    involvedObject: { fieldPath: 'spec.containers{web}', kind: 'Pod' },
    message: "Back-off: it's gone",
    metadata: { annotations: {}, name: 'web.18eac01699dfe76d' },
    source: {},
    list: [{ a: 1, b: true }, 'two\nlines'],
    type: 'Warning',
  });
});

test('parsePlainYaml agrees with the full parser when strings are folded and quoted in every way', () => {
  const strings = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab: #-\'"\\\n\t {}[]|>&*!%@`?,~=0123é😀\u2028') }),
    fc.stringMatching(/^[ -~]{0,200}$/),
    fc.lorem({ maxCount: 40 }),
    fc.constantFrom(
      'null',
      'yes',
      '0x1f',
      '1e3',
      '.5',
      '012',
      '~',
      'True',
      '- a',
      '---',
      '2026-11-23',
      '1_000',
      '|',
      'a:',
    ),
  );
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      strings,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      tie('list'),
      tie('map'),
    ),
    list: fc.array(tie('value'), { maxLength: 3 }),
    map: fc.dictionary(fc.stringMatching(/^[a-z][a-zA-Z.:-]{0,8}$/), tie('value'), { maxKeys: 4 }),
  }));
  const styles = fc.record({
    lineWidth: fc.constantFrom(0, 30, 80),
    indentSeq: fc.boolean(),
    defaultKeyType: fc.constant('PLAIN'),
    defaultStringType: fc.constantFrom(
      'PLAIN',
      'QUOTE_SINGLE',
      'QUOTE_DOUBLE',
      'BLOCK_LITERAL',
      'BLOCK_FOLDED',
    ),
  });
  let read = 0;
  fc.assert(
    fc.property(values.map, styles, (value, style) => {
      if (assertAgrees(stringify(value, style as ToStringOptions))) read += 1;
    }),
    { numRuns: 600 },
  );
  assert.ok(read > 200, `only ${read} of 600 were plain enough`);
});

test('parsePlainYaml agrees with the full parser or declines when the text is damaged', () => {
  const text = printYaml(JSON.parse(readRecording('v1.36/b-bad-image/events-core-v1.json')));
  fc.assert(
    fc.property(
      fc.nat(text.length),
      fc.nat(12),
      fc.constantFrom(
        '',
        ' ',
        '\n',
        '- ',
        ': ',
        '#',
        '"',
        "'",
        '|',
        '\t',
        '{',
        '&a ',
        '*a',
        'x',
        '\n\n',
        '>',
      ),
      fc.nat(1500),
      (at, cut, insert, span) => {
        const from = Math.max(0, at - span);
        const part = text.slice(text.indexOf('\n', from) + 1, at) + insert + text.slice(at + cut, at + span);
        assertAgrees(part);
      },
    ),
    { numRuns: 400 },
  );
});

test('parsePlainYaml reads every recorded Event without help when it is printed as kubectl prints it', () => {
  for (const scenario of listScenarios()) {
    const list: unknown = JSON.parse(readRecording(`${scenario}/events-core-v1.json`));
    assert.deepEqual(parsePlainYaml(printYaml(list))?.value, list, scenario);
  }
});

/** In kubectl's style. */
function printYaml(value: unknown): string {
  return stringify(value, { indentSeq: false, singleQuote: true, lineWidth: 0 });
}
