import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';

// A program that says when it is there and each signal it gets, and ends with exit code 7 at the second; and one that runs it as npm start does.
const CHILD = `
  let count = 0;
  const note = (signal) => { process.stdout.write(signal + ' '); count += 1; if (count === 2) process.exit(7); };
  process.on('SIGTERM', note).on('SIGINT', note).on('SIGHUP', note);
  setInterval(() => {}, 1000);
  process.stdout.write('ready ');
`;
const PARENT = `
  import { spawn } from 'node:child_process';
  import { exitCodeOf, forwardSignals } from ${JSON.stringify(new URL('forward-signals.mjs', import.meta.url).href)};
  const child = spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' });
  forwardSignals(child);
  child.on('exit', (code, signal) => { process.exitCode = code ?? exitCodeOf(signal); });
`;

/** Runs the parent over a child, sends it a signal for each thing the child says, and resolves to all that was said and the exit code. */
function runPair(child, signals) {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', PARENT, child], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  parent.stdout.setEncoding('utf8').on('data', (text) => {
    said += text;
    if (signals.length > 0) parent.kill(signals.shift());
  });
  return new Promise((resolve) => parent.on('close', (code, signal) => resolve({ said, code, signal })));
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`forwardSignals gives each ${signal} to the child once and stays until the child has ended`, async () => {
    assert.deepEqual(await runPair(CHILD, [signal, signal]), {
      said: `ready ${signal} ${signal} `,
      code: 7,
      signal: null,
    });
  });
}

test('exitCodeOf gives what a shell reports when the signal ended the child', async () => {
  const careless = `setInterval(() => {}, 1000); process.stdout.write('ready ')`;
  assert.deepEqual(await runPair(careless, ['SIGTERM']), { said: 'ready ', code: 143, signal: null });
});
