import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecording } from '../../test/read-recording.ts';
import { parseYamlPart } from './parse-yaml-part.ts';

test('parseYamlPart reads the same from what kubectl printed as YAML as from the same in JSON', () => {
  for (const version of ['1.20', '1.32'])
    for (const name of ['events', 'mixed']) {
      const path = `dumps/kubectl-${version}/${name}`;
      assert.deepEqual(
        parseYamlPart(readRecording(`${path}.yaml`)),
        [JSON.parse(readRecording(`${path}.json`))],
        path,
      );
    }
});

test('parseYamlPart leaves times and words text when YAML 1.1 would not', () => {
  const text =
    'time: 2026-11-23T15:28:47Z\nday: 2026-11-23\nreason: yes\nmerge: <<\n<<: {a: 1}\n__proto__: x\n';
  assert.deepEqual(parseYamlPart(text), [
    JSON.parse(
      '{"time":"2026-11-23T15:28:47Z","day":"2026-11-23","reason":"yes","merge":"<<","<<":{"a":1},"__proto__":"x"}',
    ),
  ]);
});

test('parseYamlPart gives no document when there are only comments, undefined when it is no YAML', () => {
  assert.deepEqual(parseYamlPart('# nothing\n'), []);
  for (const text of ['a: b: c\n', 'a: [', 'a: 1\na: 2\n', '- "open\n', 'a: *nowhere\n', '%YAML 1.2\n'])
    assert.equal(parseYamlPart(text), undefined, text);
});

test('parseYamlPart reads aliases when they are few and small', () => {
  const text = 'source: &kubelet {component: kubelet}\nmessage: a * b\nother: [*kubelet, *kubelet]\n';
  const source = { component: 'kubelet' };
  assert.deepEqual(parseYamlPart(text), [{ source, message: 'a * b', other: [source, source] }]);
});

test('parseYamlPart refuses aliases when writing them out would not end or not fit', () => {
  const bomb = ['a0: &a0 [lol]'];
  for (let i = 1; i <= 30; i++) bomb.push(`a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`);
  const deep = ['a0: &a0 [x]'];
  for (let i = 1; i <= 90; i++) deep.push(`a${i}: &a${i} [[*a${i - 1}]]`);
  const refused: readonly [name: string, text: string][] = [
    ['each stands for two of the one before', bomb.join('\n')],
    ['each is deeper than the one before', deep.join('\n')],
    ['it stands for what it is in', 'a: &a\n  b: [*a]\n'],
    ['it stands for a long text', `a: &a ${'x'.repeat(20_000)}\nb: [${Array(99).fill('*a').join()}]\n`],
    ['it stands for a long key', `a: &a {${'x'.repeat(20_000)}: 1}\nb: [${Array(99).fill('*a').join()}]\n`],
    ['there are over a hundred', `a: &a 1\nb: [${Array(101).fill('*a').join()}]\n`],
  ];
  for (const [name, text] of refused) assert.equal(parseYamlPart(text), undefined, name);
});
