import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeFolder, PROGRAM, runHark } from './start-hark.ts';

/** Asks for completions of the last word: values without their descriptions, and the directive. */
async function complete(...words: string[]): Promise<{ values: string[]; directive: string }> {
  const { code, stdout, stderr } = await runHark(['__complete', ...words]);
  assert.equal(code, 0);
  assert.equal(stderr, '');
  const lines = stdout.trimEnd().split('\n');
  return {
    values: lines.slice(0, -1).map((line) => line.split('\t')[0] ?? ''),
    directive: lines.at(-1) ?? '',
  };
}

/** A folder for PATH in which `hark`, `kubectl-hark` and `kubectl_complete-hark` run the program under test. */
function installHark(): string {
  const folder = makeFolder();
  const entry = join(
    PROGRAM,
    PROGRAM.endsWith('.ts') ? '../kubectl-complete-hark.ts' : '../kubectl_complete-hark.js',
  );
  for (const [name, file] of [
    ['hark', PROGRAM],
    ['kubectl-hark', PROGRAM],
    ['kubectl_complete-hark', entry],
  ] as const) {
    writeFileSync(join(folder, name), `#!/bin/sh\nexec '${process.execPath}' '${file}' "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

/** What is missing on this machine to run a program, for `skip`. */
function missing(program: string, ...args: string[]): string | false {
  return spawnSync(program, args).status === 0 ? false : `${program} is not installed`;
}

describe('hark __complete', { concurrency: 2 }, () => {
  test('offers commands with what they do, flags, and nothing internal', async () => {
    const { stdout } = await runHark(['__complete', '']);
    assert.match(stdout, /^events\tall Events .*$/m);
    assert.match(stdout, /:4\n$/);
    assert.doesNotMatch(stdout, /__complete/);
    assert.deepEqual(await complete('ev'), { values: ['events'], directive: ':4' });
    assert.deepEqual(await complete('-n', 'shop', 'descr'), { values: ['describe'], directive: ':4' });
    assert.deepEqual(await complete('help', 'vers'), { values: ['version'], directive: ':4' });
    assert.deepEqual(await complete('nonsense', ''), { values: [], directive: ':4' });
  });

  test('offers the flags of a command that were not given yet', async () => {
    assert.deepEqual((await complete('events', '--s')).values, ['--since', '--server', '--store']);
    assert.deepEqual((await complete('events', '--since', '2h', '--s')).values, ['--server', '--store']);
    assert.deepEqual((await complete('events', '--for', 'pod/x', '--fo')).values, ['--for']);
    assert.deepEqual((await complete('events', '--', '--s')).values, []);
  });

  test('offers values of flags, in each way of writing them, and the next one of a list', async () => {
    assert.deepEqual((await complete('events', '-o', '')).values, [
      'table',
      'wide',
      'json',
      'jsonl',
      'yaml',
      'csv',
      'name',
    ]);
    assert.deepEqual((await complete('events', '--output=j')).values, ['json', 'jsonl']);
    assert.deepEqual((await complete('events', '--type', 'Normal,W')).values, ['Normal,Warning']);
    assert.deepEqual((await complete('events', '--kind', 'stat')).values, ['statefulset']);
    assert.deepEqual(await complete('events', '--since', ''), { values: [], directive: ':4' });
  });

  test('leaves files to the shell', async () => {
    for (const flag of ['--from', '--store', '--kubeconfig'])
      assert.equal((await complete('events', flag, '')).directive, ':0');
  });

  test('offers kinds without a space after them, to go on with a name', async () => {
    assert.deepEqual(await complete('describe', 'deploy'), { values: ['deployment/'], directive: ':6' });
    assert.deepEqual(await complete('events', '--for', 'pod/x,statef'), {
      values: ['pod/x,statefulset/'],
      directive: ':6',
    });
  });
});

describe('hark completion', { concurrency: 2 }, () => {
  test('prints a script for each shell and refuses others', async () => {
    for (const shell of ['bash', 'zsh', 'fish']) {
      const { code, stdout } = await runHark(['completion', shell]);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`^#.*\\n?.*${shell} completion for hark`));
      assert.doesNotMatch(stdout, /§/);
    }
    const { code, stderr } = await runHark(['completion', 'csh']);
    assert.equal(code, 2);
    assert.match(stderr, /^hark: there is no completion for the shell "csh": there is for bash, zsh, fish\n/);
  });

  test('completes in a real bash, words that bash splits at = and : too', {
    skip: missing('bash', '--version'),
  }, async () => {
    const { stdout: script } = await runHark(['completion', 'bash']);
    const ask = (line: string, ...words: string[]) =>
      `COMP_LINE='${line}'; COMP_POINT=${line.length}; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _hark 2>/dev/null; echo "\${COMPREPLY[*]}"`;
    const commands = [
      script,
      ask('hark ver', 'hark', 'ver'),
      ask('hark events --type ', 'hark', 'events', '--type', ''),
      ask('hark events --output=', 'hark', 'events', '--output', '='),
      ask('hark events --output=js', 'hark', 'events', '--output', '=', 'js'),
      ask('hark  events   -o  n', 'hark', 'events', '-o', 'n'),
      ask(
        'hark events --now 2024-05-01T10:00:00Z --gr',
        'hark',
        'events',
        '--now',
        '2024-05-01T10',
        ':',
        '00',
        ':',
        '00Z',
        '--gr',
      ),
    ];
    const env = { PATH: `${installHark()}:${process.env.PATH}`, HOME: makeFolder() };
    const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', commands.join('\n')], {
      env,
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    assert.deepEqual(stdout.trimEnd().split('\n'), [
      'version',
      'Normal Warning',
      'table wide json jsonl yaml csv name',
      'json jsonl',
      'name',
      '--grep',
    ]);
  });

  for (const shell of ['zsh', 'fish']) {
    test(`prints what a real ${shell} takes without complaint`, {
      skip: missing(shell, '--version'),
    }, async () => {
      const script = await writeCompletion(shell);
      const { status, stderr } = spawnSync(shell, ['-n', script], { encoding: 'utf8' });
      assert.equal(stderr, '');
      assert.equal(status, 0);
    });
  }

  test('completes in a real fish', { skip: missing('fish', '--version') }, async () => {
    const script = await writeCompletion('fish');
    const env = { PATH: `${installHark()}:${process.env.PATH}`, HOME: makeFolder() };
    const ask = (line: string) =>
      spawnSync('fish', ['--no-config', '-c', `source ${script}; complete -C '${line}'`], {
        env,
        encoding: 'utf8',
      }).stdout;
    assert.match(ask('hark ver'), /^version\t.+\n$/);
    assert.equal(ask('hark events -o y'), 'yaml\n');
  });

  test('completes kubectl hark through a real kubectl', {
    skip: missing('kubectl', '__complete', 'version', ''),
  }, () => {
    const env = { PATH: `${installHark()}:${process.env.PATH}`, HOME: makeFolder() };
    const ask = (...words: string[]) =>
      spawnSync('kubectl', ['__complete', 'hark', ...words], { env, encoding: 'utf8' }).stdout;
    assert.match(ask('ev'), /^events\t.*\n:4\n$/);
    assert.equal(ask('events', '-o', 'y'), 'yaml\n:4\n');
    assert.match(ask('describe', 'deploy'), /^deployment\/\t.*\n:6\n$/);
  });
});

async function writeCompletion(shell: string): Promise<string> {
  const { stdout } = await runHark(['completion', shell]);
  const script = join(makeFolder(), `hark.${shell}`);
  writeFileSync(script, stdout);
  return script;
}
