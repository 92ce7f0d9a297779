// `npm test`: types, lint, the direction of imports, then every test. `npm test -- PATH…`: the tests of those files or folders alone.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './find-chromium.ts';
import { exitCodeOf, forwardSignals } from './forward-signals.mjs';
import { runChecks } from './run-checks.ts';

/** A test that takes longer hangs. */
const TIMEOUT_MS = 300_000;

/** Where tests lie. */
const TOPS = ['bench', 'scripts', 'src', 'test', 'ui/src'];

/** Suites that are not always run: why, and how to. */
const SKIPPED: Readonly<Record<string, string>> = {
  'test/slow': 'takes minutes; to run it: npm test -- test/slow',
  ...(findChromium() === undefined && {
    'test/ui': 'needs Chromium: apt-get install chromium, or name one in CHROMIUM_PATH',
  }),
  ...(!existsSync(join(process.env.KUBEBUILDER_ASSETS ?? '', 'kube-apiserver')) && {
    'test/control-plane':
      'needs etcd and kube-apiserver in the folder that KUBEBUILDER_ASSETS names; CONTRIBUTING.md says where to get them',
  }),
};

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
const wanted = process.argv.slice(2).map((path) => path.replace(/^\.\/|\/+$/g, ''));
const failed = wanted.length === 0 ? await runChecks() : [];
if ((await runTests(wanted.length === 0 ? listDailyTests() : listTests(wanted))) !== 0) failed.push('tests');
if (failed.length > 0)
  process.stderr.write(`npm test failed: ${failed.join(', ')}; what is wrong stands above\n`);
process.exitCode = failed.length === 0 ? 0 : 1;

function listDailyTests(): string[] {
  const skipped = new Set<string>();
  for (const [folder, why] of Object.entries(SKIPPED)) {
    const files = listTests([folder]);
    if (files.length > 0) process.stdout.write(`– skipped: ${folder} (${why})\n`);
    for (const file of files) skipped.add(file);
  }
  return listTests(TOPS).filter((path) => !skipped.has(path));
}

/** The test files that are, or lie within, any of the given paths. */
function listTests(within: readonly string[]): string[] {
  return TOPS.flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => `${top}/${name}`),
  )
    .map((path) => path.replaceAll('\\', '/'))
    .filter(
      (path) => /\.test\.m?[jt]s$/.test(path) && within.some((start) => `${path}/`.startsWith(`${start}/`)),
    )
    .sort();
}

/**
 * Runs the test files and resolves to the exit code. In CI, files that failed run once more, alone, and what they needed the second time for is said: on a busy machine
 * a real browser or control plane may take longer than a test waits.
 */
async function runTests(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write(`npm test: there are no tests in "${wanted.join('", "')}"\n`);
    return 2;
  }
  // One more than there are cores: some wait for a control plane or a browser most of the time.
  const first = await runFiles(files, availableParallelism() + 1);
  if (first.code === 0 || first.failed.length === 0 || process.env.CI === undefined) return first.code;
  process.stdout.write(`\nOnce more, alone: ${first.failed.join(' ')}\n`);
  const second = await runFiles(first.failed, 1);
  if (second.code === 0)
    process.stdout.write(`passed only the second time, look into it: ${first.failed.join(' ')}\n`);
  return second.code;
}

interface TestRun {
  readonly code: number;
  /** The test files that failed. */
  readonly failed: readonly string[];
}

async function runFiles(files: readonly string[], concurrency: number): Promise<TestRun> {
  const folder = mkdtempSync(join(tmpdir(), 'hark-failed-'));
  const list = join(folder, 'files');
  const flags = [
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${TIMEOUT_MS}`,
    '--import=./scripts/end-open-tests.ts',
    '--test-reporter=./scripts/report-tests.ts',
    '--test-reporter-destination=stdout',
    '--test-reporter=./scripts/list-failed.ts',
    `--test-reporter-destination=${list}`,
  ];
  const child = spawn(process.execPath, ['--test', ...flags, ...files], { stdio: 'inherit' });
  forwardSignals(child);
  const code = await new Promise<number>((resolve) =>
    child.on('exit', (code, signal) => resolve(code ?? exitCodeOf(signal ?? ''))),
  );
  const failed = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];
  rmSync(folder, { recursive: true });
  return { code, failed };
}
