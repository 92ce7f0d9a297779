// launch.mjs NAME [ARGS…]: makes the clone ready, then runs scripts/NAME.ts with a Node that can. Behind every npm script; plain
// JavaScript, because the Node that npm runs it with may be too old for the rest.
import { spawn } from 'node:child_process';
import module from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT, SetUpError } from './basics.mjs';
import { exitCodeOf, forwardSignals } from './forward-signals.mjs';
import { setUp } from './set-up.mjs';

const [name, ...args] = process.argv.slice(2);
if (process.env.npm_lifecycle_event !== undefined) endWithParent();
// Compiled code is kept between runs: it halves the time that a start from source takes.
process.env.NODE_COMPILE_CACHE ??= join(ROOT, 'node_modules', '.cache', 'hark-compiled');

try {
  const node = await setUp();
  const script = join(ROOT, 'scripts', `${name}.ts`);
  if (node === process.execPath) await runHere(script);
  else runWith(node, script);
} catch (error) {
  if (!(error instanceof SetUpError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}

/** A signal to npm ends the shell between npm and us, which doesn't pass it on: then it is for us. */
function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  timer.unref();
}

async function runHere(script) {
  module.enableCompileCache?.(process.env.NODE_COMPILE_CACHE);
  process.argv.splice(1, 2, script);
  await import(pathToFileURL(script).href);
}

/** In a child, whose exit code or signal becomes ours. */
function runWith(node, script) {
  const child = spawn(node, [script, ...args], { stdio: 'inherit' });
  forwardSignals(child);
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? exitCodeOf(signal);
  });
}
