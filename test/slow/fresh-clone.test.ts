import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { homeOf, makeFolder, type Outcome } from '../cli/start-hark.ts';
import { readRecording } from '../read-recording.ts';
import { runProgram } from '../run-program.ts';
import { findMachineNode, MACHINE_PATH, ROOT } from './machine-tools.ts';

// What a new user types, on a clone without node_modules, in a folder with spaces, with the machine's own Node and an empty npm cache.
const home = makeFolder();
const clone = join(home, 'a fresh clone');

function npm(
  args: readonly string[],
  options: { env?: Record<string, string>; cwd?: string; input?: string } = {},
) {
  const env = {
    PATH: MACHINE_PATH,
    ...keepNetwork(),
    ...homeOf(home),
    npm_config_cache: join(home, 'npm'),
    ...options.env,
  };
  return runProgram('npm', args, { cwd: options.cwd ?? clone, env, input: options.input ?? '' });
}

/** How this machine reaches the registry. */
function keepNetwork(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) =>
    /^(https?_proxy|no_proxy|node_extra_ca_certs)$/i.test(name),
  );
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { cwd: ROOT, encoding: 'utf8' }).trim();
  return { ...Object.fromEntries(kept as [string, string][]), npm_config_registry: registry };
}

function assertDone(outcome: Outcome): void {
  assert.equal(outcome.code, 0, `exit ${outcome.code}\n${outcome.stdout}\n${outcome.stderr}`);
}

before(() => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const file of files.trim().split('\n')) {
    mkdirSync(dirname(join(clone, file)), { recursive: true });
    cpSync(join(ROOT, file), join(clone, file), { force: true });
  }
});

test('npm start tells in one sentence that the registry cannot be reached and exits 2', async () => {
  const outcome = await npm(['start', '--silent', '--', 'version'], {
    env: { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0' },
  });
  assert.equal(outcome.code, 2);
  assert.equal(outcome.stdout, '');
  assert.match(
    outcome.stderr,
    /^Setting up.*\n(npm can't reach its registry; .*\n)?Setting up failed: npm can't reach its registry \(ECONNREFUSED.*\n$/,
  );
});

test('the first npm start prints nothing but the answer to stdout', async () => {
  const outcome = await npm(['start', '--silent', '--', 'version', '-o', 'json']);
  assertDone(outcome);
  assert.match(JSON.parse(outcome.stdout).runtime, /^node (2[4-9]|[3-9]\d)\./);
  assert.match(outcome.stderr, /^Setting up: .*\nSet up in \d+ s\.\n$/);
});

test('npm start sets up once', async () => {
  const outcome = await npm(['start', '--silent', '--', 'version']);
  assertDone(outcome);
  assert.equal(outcome.stderr, '');
});

test('npm start says no more than npm itself when it is not silent', async () => {
  const outcome = await npm(['start', '--', 'version']);
  assertDone(outcome);
  assert.equal(outcome.stderr, '');
  assert.match(outcome.stdout, /^\n> kubectl-hark@\S+ start\n> .*\n\nhark \S+ \(.*\)\n$/);
});

test('npm start passes the exit code on, whichever Node it is run with', async () => {
  const args = ['events', '--no-such-flag'];
  assert.equal((await npm(['start', '--silent', '--', ...args])).code, 2);
  const node = findMachineNode().path;
  assert.equal((await runProgram(node, ['scripts/launch.mjs', 'start', ...args], { cwd: clone })).code, 2);
});

test('npm start passes stdin on', async () => {
  const input = readRecording('v1.36/b-bad-image/events-core-v1.json');
  const outcome = await npm(['start', '--silent', '--', 'events', '--from', '-'], { input });
  assertDone(outcome);
  assert.match(outcome.stdout, /Failed to pull image "example"/);
});

test('npm start takes a path from the folder it is called in', async () => {
  const cwd = join(clone, 'sub folder');
  mkdirSync(cwd);
  cpSync(join(clone, 'demo/cluster.jsonl.gz'), join(cwd, 'here.gz'));
  const outcome = await npm(['start', '--silent', '--', 'events', '--from', 'here.gz', '-o', 'name'], {
    cwd,
  });
  assertDone(outcome);
  assert.match(outcome.stdout, /podinfo/);
});

test('npm start without arguments serves the recorded cluster when none answers, and names commands that work', async () => {
  const { stderr, page } = await startAndLook();
  assert.match(
    stderr,
    /^No cluster answers \(.*\), so here is a recorded one\. Yours: npm start -- serve --context NAME$/m,
  );
  assert.match(page, /<script type="module"[^>]* src="\.\/assets\//);
  const next = [...stderr.matchAll(/^ {2}npm start -- (.*)$/gm)].map((match) => (match[1] ?? '').split(' '));
  assert.equal(next.length, 2);
  for (const args of next) {
    const tried = await npm(['start', '--silent', '--', ...args]);
    assertDone(tried);
    assert.notEqual(tried.stdout, '');
  }
});

/** Types `npm start`, opens the address that it says, and ends it. */
async function startAndLook(): Promise<{ stderr: string; page: string }> {
  const env = { PATH: MACHINE_PATH, ...keepNetwork(), ...homeOf(home), npm_config_cache: join(home, 'npm') };
  const child = spawn('npm', ['start', '--silent'], { cwd: clone, env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    let stderr = '';
    for await (const piece of child.stderr.setEncoding('utf8')) {
      stderr += piece;
      const [url] = /http:\/\/\S+(?=\n)/.exec(stderr.slice(stderr.indexOf('Hark is at'))) ?? [];
      if (stderr.includes('Hark is at') && url !== undefined)
        return { stderr, page: await (await fetch(url)).text() };
    }
    throw new Error(`npm start ended: ${stderr}`);
  } finally {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  }
}

test('npm start mends an installation that was broken off, install scripts switched off or not', async () => {
  rmSync(join(clone, 'node_modules/.package-lock.json'));
  const outcome = await npm(['start', '--silent', '--', 'version'], {
    env: { npm_config_ignore_scripts: 'true', NODE_ENV: 'production' },
  });
  assertDone(outcome);
  assert.match(outcome.stdout, /^hark /);
  assert.match(outcome.stderr, /^Setting up: .*\nSet up in /);
});

test('npm test ends with the totals of node:test', async () => {
  const outcome = await npm(['test', '--', 'src/lib']);
  assertDone(outcome);
  assert.match(
    outcome.stdout,
    /\n# tests [1-9]\d*\n# suites \d+\n# pass [1-9]\d*\n# fail 0\n# cancelled 0\n# skipped \d+\n# todo 0\n# duration_ms [\d.]+\n$/,
  );
});
