import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import packageJson from '../../package.json' with { type: 'json' };
import { recordingPath } from '../read-recording.ts';
import { runHere } from './run-here.ts';
import { makeFolder, runHark } from './start-hark.ts';

describe('hark', { concurrency: 2 }, () => {
  test('prints the help on stdout and exits 0 when called alone, with --help, -h or help', async () => {
    const outcomes = await Promise.all(
      [[], ['--help'], ['-h'], ['help'], ['help', 'help']].map((args) => runHark(args)),
    );
    for (const { code, stdout, stderr } of outcomes) {
      assert.equal(code, 0);
      assert.equal(stderr, '');
      assert.equal(stdout, outcomes[0]?.stdout);
    }
    assert.match(outcomes[0]?.stdout ?? '', /^Usage: hark COMMAND \[flags\]$/m);
    assert.match(outcomes[0]?.stdout ?? '', /^ {2}events +\S/m);
    assert.ok(!/__complete/.test(outcomes[0]?.stdout ?? ''));
    assert.ok(!outcomes[0]?.stdout.includes('\x1b'));
  });

  test('calls itself kubectl hark in its help when run by the name kubectl-hark', async () => {
    const asPlugin = `data:text/javascript,process.argv[1]='/usr/bin/kubectl-hark'`;
    const { stdout } = await runHark(['--help'], { nodeFlags: ['--import', asPlugin] });
    assert.match(stdout, /^Usage: kubectl hark COMMAND \[flags\]$/m);
    assert.doesNotMatch(stdout, /^ *hark /m);
  });

  test('refuses --from beside --store in every command that reads, and says how to read both', async () => {
    const recorded = recordingPath('v1.20/b-bad-image/events-core-v1.json');
    const commands = [
      ['events'],
      ['describe', 'pod/x'],
      ['why'],
      ['story'],
      ['top'],
      ['trace'],
      ['export', 'out.jsonl'],
      ['serve'],
    ];
    for (const command of commands) {
      const { code, stdout, stderr } = await runHere([
        ...command,
        '--from',
        recorded,
        '--store',
        'my record.db',
      ]);
      assert.equal(code, 2, `${command.join(' ')}: ${stderr}`);
      assert.equal(stdout, '');
      assert.match(
        stderr,
        /--from ".*events-core-v1.json(.gz)?" and --store "my record.db" exclude each other/,
      );
      assert.ok(stderr.includes(`hark import ${recorded} --store 'my record.db'`), stderr);
    }
  });

  test('guesses which flag was meant where an object or a file is one word too many', async () => {
    const typed: readonly [args: readonly string[], hint: string][] = [
      [['events', 'pod/web-1'], 'Did you mean: hark events --for pod/web-1'],
      [['events', 'must-gather.tar.gz'], 'Did you mean: hark events --from must-gather.tar.gz'],
      [['events', 'web'], 'How it is used: hark events --help'],
      [['version', 'pod/web-1'], 'How it is used: hark version --help'],
    ];
    for (const [args, hint] of typed) {
      const { code, stderr } = await runHere([...args]);
      assert.equal(code, 2);
      assert.equal(stderr.trimEnd().split('\n').at(-1), `  ${hint}`);
    }
  });

  test('prints the help of a command in three ways', async () => {
    const outcomes = await Promise.all(
      [
        ['events', '--help'],
        ['events', '-h'],
        ['help', 'events'],
        ['-n', 'x', '--help', 'events'],
      ].map((args) => runHark(args)),
    );
    for (const { code, stdout } of outcomes) {
      assert.equal(code, 0);
      assert.equal(stdout, outcomes[0]?.stdout);
    }
    assert.match(outcomes[0]?.stdout ?? '', /^Usage: hark events \[flags\]$/m);
    for (const flag of ['--for', '--since', '--namespace', '--from', '--now'])
      assert.match(outcomes[0]?.stdout ?? '', new RegExp(` ${flag} `));
  });

  test('shows no flags in the help of a command that has no use for them, nor completes them', async () => {
    for (const name of ['listen', 'import']) {
      const { stdout } = await runHark([name, '--help']);
      assert.match(stdout, / --store FILE /);
      assert.doesNotMatch(stdout, /^ +--(from|now) /m);
      const completed = await runHark(['__complete', name, '--fr']);
      assert.doesNotMatch(completed.stdout, /--from/);
    }
  });

  test('says where a kubeconfig is broken, and what to do', async () => {
    const file = join(makeFolder(), 'config');
    writeFileSync(file, 'apiVersion: v1\nkind: Config\n  bad: [\n');
    const { code, stderr } = await runHark(['events', '--kubeconfig', file]);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      `hark: cannot read kubeconfig "${file}": bad indentation of a mapping entry (3:6)\n  Mend it at that line and column, or name another one: --kubeconfig FILE\n`,
    );
  });

  test('guesses the command when it is mistyped and exits 2', async () => {
    const { code, stdout, stderr } = await runHark(['evnets', '-A']);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.equal(
      stderr,
      'hark: there is no command "evnets"\n  Did you mean hark events? All commands: hark --help\n',
    );
  });

  test('asks for a command when there are only flags', async () => {
    const { code, stderr } = await runHark(['-n', 'shop']);
    assert.equal(code, 2);
    assert.match(stderr, /^hark: "-n shop" names no command\n {2}For example: hark events -n shop\n/);
  });

  test('guesses the flag when it is mistyped and exits 2', async () => {
    const { code, stderr } = await runHark(['version', '--contxt', 'x']);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'hark: hark version has no flag "--contxt"\n  Did you mean --context? All its flags: hark version --help\n',
    );
  });

  test('says which value a flag wants when it is missing or empty', async () => {
    const [missing, empty] = await Promise.all([
      runHark(['version', '-n']),
      runHark(['version', '--context=']),
    ]);
    assert.equal(missing?.code, 2);
    assert.match(
      missing?.stderr ?? '',
      /--namespace <NAME>' argument missing\n {2}How it is used: hark version --help\n/,
    );
    assert.equal(empty?.code, 2);
    assert.match(empty?.stderr ?? '', /^hark: --context is empty: it wants a value\n/);
  });

  test('lists the output formats when -o is none of them and guesses', async () => {
    const { code, stderr } = await runHark(['version', '-o', 'jsn']);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'hark: -o "jsn" is no output format of this command: it has text, json, yaml\n  Did you mean -o json?\n',
    );
  });

  test('refuses a --now that is no time', async () => {
    const { code, stderr } = await runHark(['version', '--now', 'yesterday']);
    assert.equal(code, 2);
    assert.match(stderr, /^hark: --now "yesterday" is not a time\n {2}For example: --now 2/);
  });

  test('takes global flags before and after the command', async () => {
    const [before, after] = await Promise.all([
      runHark(['-o', 'json', 'version']),
      runHark(['version', '-o', 'json']),
    ]);
    assert.equal(before?.code, 0);
    assert.equal(JSON.parse(before?.stdout ?? '').version, packageJson.version);
    assert.equal(before?.stdout, after?.stdout);
  });

  test('prints its version and what runs it', async () => {
    const [command, flag] = await Promise.all([runHark(['version']), runHark(['--version'])]);
    assert.equal(
      command?.stdout,
      `hark ${packageJson.version} (node ${process.versions.node}, ${process.platform} ${process.arch})\n`,
    );
    assert.equal(flag?.stdout, command?.stdout);
  });

  test('says in one line that Node is too old and exits 2', async () => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.19.2'})`;
    const { code, stdout, stderr } = await runHark(['events'], { nodeFlags: ['--import', old] });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, /^hark: Hark needs Node\.js 24 or newer, this is 20\.19\.2 \(.+\)\. .*\n$/);
  });

  test('colours help on FORCE_COLOR, not with NO_COLOR', async () => {
    const [forced, both] = await Promise.all([
      runHark(['--help'], { env: { FORCE_COLOR: '1' } }),
      runHark(['--help'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } }),
    ]);
    assert.ok(forced?.stdout.includes('\x1b[1m'));
    assert.ok(both?.stdout.startsWith('Hark') && !both.stdout.includes('\x1b'));
  });
});
