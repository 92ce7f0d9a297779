import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findWrongImports } from './check-imports.ts';

function check(path: string, text: string): string[] {
  return findWrongImports([{ path, text }], new Set(['@kubernetes/client-node', 'yaml']));
}

test('findWrongImports accepts an import that points down the map', () => {
  assert.deepEqual(check('src/commands/events.ts', `import { open } from '../store/sqlite/open.ts';`), []);
  assert.deepEqual(
    check(
      'src/store/sqlite/open.ts',
      `import type { Store } from '../store.ts';\nimport '../../lib/time.ts';`,
    ),
    [],
  );
});

test('findWrongImports names file, line, both folders and what is allowed when an import points up', () => {
  assert.deepEqual(check('src/events/age.ts', `\n\nimport type { Store } from '../store/store.ts';`), [
    'src/events/age.ts:3: src/events must not import src/store ("../store/store.ts"); it may import src/lib',
  ]);
});

for (const [form, text] of Object.entries({
  'an import for its effects': `import '../events/event.ts';`,
  'a re-export': `export { a } from '../events/event.ts';`,
  'a re-export of all': `export * from '../events/event.ts';`,
  'a dynamic import': `const load = () => import('../events/event.ts');`,
  'the type of a module': `export type A = import('../events/event.ts').Event;`,
})) {
  test(`findWrongImports sees ${form}`, () => assert.equal(check('src/lib/a.ts', text).length, 1));
}

test('findWrongImports takes no import from a comment, a string or a template', () => {
  const text = `// import '../bin/hark.ts'\nconst a = "import '../bin/hark.ts'"; const b = \`import('../bin/hark.ts')\`;`;
  assert.deepEqual(check('src/lib/a.ts', text), []);
});

test('findWrongImports refuses peers of one level to import one another', () => {
  assert.equal(check('src/store/a.ts', `import '../kube/watch-item.ts';`).length, 1);
  assert.equal(check('src/stories/a.ts', `import '../store/store.ts';`).length, 1);
});

test('findWrongImports leaves the Kubernetes client to src/kube', () => {
  const text = `import type { KubeConfig } from '@kubernetes/client-node';\nimport '@kubernetes/client-node/dist/config.js';`;
  assert.deepEqual(check('src/kube/connect.ts', text), []);
  assert.deepEqual(check('src/commands/a.ts', text), [
    'src/commands/a.ts:1: @kubernetes/client-node is imported by src/kube alone, not by src/commands: ask src/kube for what you need',
    'src/commands/a.ts:2: @kubernetes/client-node is imported by src/kube alone, not by src/commands: ask src/kube for what you need',
  ]);
});

test('findWrongImports wants every package to be asked for in package.json', () => {
  const text = `import 'yaml';\nimport { readFile } from 'node:fs/promises';\nimport { load } from 'js-yaml';\nimport '@a/b/c.js';`;
  assert.deepEqual(check('src/lib/a.ts', text), [
    'src/lib/a.ts:3: imports js-yaml, which package.json does not ask for: it is there by chance',
    'src/lib/a.ts:4: imports @a/b, which package.json does not ask for: it is there by chance',
  ]);
});

test('findWrongImports leaves process to src/bin and to tests', () => {
  const texts = [
    `process.exit(1);`,
    `import { argv } from 'node:process';`,
    `import { pid } from 'node:process';`,
    `globalThis.process.cwd();`,
    `const { env } = process;`,
  ];
  for (const text of texts) {
    assert.deepEqual(check('src/store/a.ts', text), [
      `src/store/a.ts:1: touches process, which is src/bin's alone: take what you need from the Context`,
    ]);
    assert.deepEqual(check('src/bin/a.ts', text), []);
    assert.deepEqual(check('src/store/a.test.ts', text), []);
  }
  assert.deepEqual(
    check('src/store/a.ts', `const a = { process: 1 }; a.process; const b: { process: string } = x;`),
    [],
  );
});

test('findWrongImports lets only tests import what lies in test/', () => {
  const text = `import { readRecording } from '../../test/read-recording.ts';`;
  assert.deepEqual(check('src/events/a.test.ts', text), []);
  assert.deepEqual(check('src/events/a.ts', text), [
    'src/events/a.ts:1: imports "test/read-recording.ts", which lies outside of src/',
  ]);
});

test('findWrongImports asks for a new folder to be put on the map', () => {
  assert.deepEqual(check('src/helpers/a.ts', `const a = 1;`), [
    'src/helpers/a.ts: the folder src/helpers is not in the map: add it to scripts/check-imports.ts and to ARCHITECTURE.md',
  ]);
});

test('findWrongImports says so when a file is no TypeScript', () => {
  assert.match(check('src/lib/a.ts', `import {`).join(), /^src\/lib\/a\.ts: can't be parsed: /);
});
