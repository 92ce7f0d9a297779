import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { before, describe, test } from 'node:test';
import { homeOf, makeFolder } from '../cli/start-hark.ts';
import { readRecordingBytes } from '../read-recording.ts';
import { runProgram } from '../run-program.ts';
import { findMachineNode, findProgram, MACHINE_PATH, ROOT } from './machine-tools.ts';

// What a user gets: the package that `npm pack` makes, installed in a folder of its own, without the registry.
const home = makeFolder();
const installed = join(home, 'node_modules/kubectl-hark');
const bin = join(home, 'node_modules/.bin');
let packed: string[] = [];

const env = { ...homeOf(home), PATH: [bin, dirname(process.execPath), MACHINE_PATH].join(delimiter) };

async function runTool(command: string, args: readonly string[], cwd: string): Promise<string> {
  const outcome = await runProgram(command, args, { cwd });
  assert.equal(outcome.code, 0, `${command} ${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`);
  return outcome.stdout;
}

before(async () => {
  const [tarball] = JSON.parse(await runTool('npm', ['pack', '--json', '--pack-destination', home], ROOT));
  packed = tarball.files.map((file: { path: string }) => file.path);
  await runTool('npm', ['install', '--offline', '--prefix', home, join(home, tarball.filename)], home);
});

test('the package holds the bundle and what a reader needs, nothing of the development', () => {
  const wanted =
    /^(dist\/(chunks\/)?[\w.-]+\.js|dist\/ui\/(index\.html|icon\.svg|assets\/[\w.-]+\.(js|css))|dist\/(ui\/)?THIRD-PARTY-LICENSES\.txt|package\.json|LICENSE|README\.md|CHANGELOG\.md)$/;
  assert.deepEqual(
    packed.filter((path) => !wanted.test(path)),
    [],
  );
  for (const path of [
    'dist/hark.js',
    'dist/ui/index.html',
    'package.json',
    'LICENSE',
    'README.md',
    'CHANGELOG.md',
  ])
    assert.ok(packed.includes(path), path);
});

test('the package brings no other packages along and runs nothing on being installed', () => {
  const { dependencies, optionalDependencies, peerDependencies, scripts, engines } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  assert.deepEqual([dependencies, optionalDependencies, peerDependencies], [undefined, undefined, undefined]);
  assert.deepEqual(
    Object.keys(scripts).filter((name) => /install|^prepare$/.test(name)),
    [],
  );
  assert.deepEqual(engines, { node: '>=24' });
  assert.deepEqual(
    readdirSync(join(home, 'node_modules')).filter((name) => !name.startsWith('.')),
    ['kubectl-hark'],
  );
});

test('the package gives the licence of every package in it', () => {
  const text = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENSES.txt'), 'utf8');
  for (const name of ['commander', '@kubernetes/client-node'])
    assert.match(text, new RegExp(`^${name} \\d+\\.\\S+ \\(\\S+\\)$`, 'm'));
});

test('the package names no folder of the machine it was built on', () => {
  const texts = packed
    .filter((path) => path.startsWith('dist/'))
    .map((path) => readFileSync(join(installed, path), 'utf8'));
  assert.deepEqual(
    texts.filter((text) => text.includes(ROOT)),
    [],
  );
});

describe('the executables', () => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

  for (const name of ['hark', 'kubectl-hark']) {
    test(`${name} runs`, async () => {
      const { code, stdout, stderr } = await runProgram(join(bin, name), ['version'], { env, cwd: home });
      assert.deepEqual([code, stdout.split(' (')[0], stderr], [0, `hark ${version}`, '']);
    });
  }

  test('hark has every command of the sources', async () => {
    const [built, source] = await Promise.all([
      runProgram(join(bin, 'hark'), ['--help'], { env, cwd: home }),
      runProgram(process.execPath, [join(ROOT, 'src/bin/hark.ts'), '--help'], { env, cwd: home }),
    ]);
    assert.equal(built.stdout, source.stdout);
    const list = built.stdout.split('\nStart here')[0] ?? '';
    const names = [...list.matchAll(/^ {2}([a-z]+) /gm)].map((match) => match[1] ?? '');
    assert.ok(names.includes('events') && names.includes('listen'));
    for (const name of names) {
      const help = await runProgram(join(bin, 'hark'), [name, '--help'], { env, cwd: home });
      assert.equal(help.code, 0, name);
    }
  });

  test('hark reads a recorded cluster from stdin', async () => {
    const input = readRecordingBytes('v1.36/b-bad-image/events-core-v1.json').toString('utf8');
    const { code, stdout } = await runProgram(join(bin, 'hark'), ['events', '--from', '-'], {
      env,
      cwd: home,
      input,
    });
    assert.equal(code, 0);
    assert.match(stdout, /Failed to pull image "example"/);
  });

  test('hark keeps its compiled code in the cache folder of its user', async () => {
    await runProgram(join(bin, 'hark'), ['version'], { env, cwd: home });
    assert.notDeepEqual(readdirSync(join(home, 'cache', 'hark')), []);
  });

  const kubectl = findProgram('kubectl');
  test('kubectl finds it as a plugin and completes it', {
    skip: kubectl === undefined && 'kubectl is not on the PATH',
  }, async () => {
    const run = await runProgram('kubectl', ['hark', 'version'], { env, cwd: home });
    assert.deepEqual([run.code, run.stdout.split(' (')[0]], [0, `hark ${version}`]);
    const completed = await runProgram('kubectl', ['__complete', 'hark', 'des'], { env, cwd: home });
    assert.match(completed.stdout, /^describe\t/m);
  });

  const machineNode = findMachineNode();
  const isNew = machineNode.major >= 24 && `the machine's own Node is ${machineNode.major}`;
  test('hark on an older Node says so in one line and exits 2', { skip: isNew }, async () => {
    const outcome = await runProgram(machineNode.path, [join(installed, 'dist/hark.js'), 'version'], {
      env,
      cwd: home,
    });
    assert.equal(outcome.code, 2);
    assert.equal(outcome.stdout, '');
    assert.match(outcome.stderr, /^hark: .*Node\.js 24 or newer, this is \d+\.\d+\.\d+ .*\n$/);
    const silent = await runProgram(
      machineNode.path,
      [join(installed, 'dist/kubectl_complete-hark.js'), ''],
      { env, cwd: home },
    );
    assert.deepEqual([silent.code, silent.stdout, silent.stderr], [0, '', '']);
  });

  test('completion has an executable under the name that kubectl looks for', () =>
    assert.ok(existsSync(join(bin, 'kubectl_complete-hark'))));
});
