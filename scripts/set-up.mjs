// Makes a fresh clone ready to run: its packages and a Node that can run TypeScript. Read by any Node from 18 on, hence plain JavaScript.
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The oldest Node that runs `src/` as it is. */
export const WANTED_NODE = 24;

const NODE_FOLDER = join(ROOT, 'node_modules', 'node');
const NODE_BINARY = join(NODE_FOLDER, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** A failure of the set-up that is told in one sentence. */
export class SetUpError extends Error {}

/**
 * Installs what is missing and returns the Node to run Hark with. All that it prints goes to stderr.
 * @returns {Promise<string>} path of an executable of Node 24 or newer
 */
export async function setUp() {
  if (!isInstalled()) await withLock(() => (isInstalled() ? undefined : installPackages()));
  if (isNodeWanted(process.versions.node)) return process.execPath;
  if (!existsSync(NODE_BINARY)) await withLock(() => (existsSync(NODE_BINARY) ? undefined : fetchNode()));
  await checkNode();
  return NODE_BINARY;
}

/** Whether node_modules holds what package-lock.json asks for; npm writes its copy of the lock last, so a broken-off install has none. */
function isInstalled() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  const found = readPackages(join(ROOT, 'node_modules', '.package-lock.json'));
  return Object.keys(wanted).every((path) => {
    if (path === '' || wanted[path].optional) return true;
    return found[path] !== undefined && found[path].version === wanted[path].version;
  });
}

function readPackages(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return {};
  }
}

async function installPackages() {
  const started = Date.now();
  tell('Setting up: installing what Hark is built with (npm ci; once, half a minute or so) …');
  const flags = [
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--engine-strict=false',
    '--loglevel=error',
  ];
  const { code, output } = await runNpm(['ci', ...flags], ROOT);
  if (code !== 0) throw new SetUpError(explainNpmFailure(output));
  tell(`Set up in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Runs the install script of the `node` package by hand where install scripts are switched off; it installs one more package. */
async function fetchNode() {
  tell(`Setting up: fetching Node ${WANTED_NODE} …`);
  const { output } = await run(process.execPath, ['installArchSpecificPackage.js'], NODE_FOLDER);
  if (!existsSync(NODE_BINARY)) throw new SetUpError(`${explainNpmFailure(output)} ${adviseNode()}`);
}

async function checkNode() {
  const { code, output } = await run(NODE_BINARY, ['--version'], ROOT);
  if (code === 0 && isNodeWanted(output.trim().slice(1))) return;
  throw new SetUpError(
    `The Node in "${NODE_BINARY}" does not run here (${lastLine(output)}). ${adviseNode()}`,
  );
}

function isNodeWanted(version) {
  return Number.parseInt(version, 10) >= WANTED_NODE;
}

function adviseNode() {
  return `Install Node ${WANTED_NODE} or newer yourself (https://nodejs.org) and run the same command again.`;
}

/** npm as it was called, else the one on the PATH. */
function runNpm(args, cwd) {
  const caller = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(caller)) return run(process.execPath, [caller, ...args], cwd);
  return process.platform === 'win32' ? run('npm.cmd', args, cwd, true) : run('npm', args, cwd);
}

/** Runs a program, passing signals on to it; resolves to its exit code and all it printed. */
function run(command, args, cwd, shell = false) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, shell, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const stop = (signal) => {
      child.kill(signal);
      process.exit(128 + constants.signals[signal]);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, stop);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    const finish = (code) => {
      for (const signal of signals) process.off(signal, stop);
      resolve({ code, output });
    };
    child.on('error', (error) => {
      output += error.message;
      finish(-1);
    });
    child.on('close', finish);
  });
}

/** One sentence for what npm said on failing. */
function explainNpmFailure(output) {
  const code = /^npm (?:error|ERR!) code (\S+)/m.exec(output)?.[1] ?? '';
  const details =
    /^npm (?:error|ERR!) (?!code |errno |syscall |path |A complete log)(.+)$/m.exec(output)?.[1] ??
    lastLine(output);
  if (/spawn npm(\.cmd)? ENOENT/.test(output))
    return 'Setting up needs npm, which is not on the PATH: install it and run the same command again.';
  if (
    /^(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|FETCH|ENOTCACHED|UNABLE_TO|CERT|SELF_SIGNED|DEPTH_ZERO)/.test(
      code,
    )
  ) {
    return `Setting up failed: npm can't reach its registry (${code}: ${details}). Check the network, or "npm config get registry", and run the same command again.`;
  }
  if (/^(EACCES|EPERM|EROFS|ENOSPC)$/.test(code)) {
    return `Setting up failed: npm can't write to "${join(ROOT, 'node_modules')}" or its cache (${code}: ${details}).`;
  }
  return `Setting up failed: npm says "${code === '' ? '' : `${code}: `}${details}". To see all of it: cd "${ROOT}" && npm ci`;
}

function lastLine(text) {
  return text.trim().split('\n').pop() ?? '';
}

/** Lets one set-up at a time work in this folder; the others wait. */
async function withLock(work) {
  const lockFile = join(ROOT, '.set-up.lock');
  for (let told = false; !takeLock(lockFile); told = true) {
    if (!told) tell('Another set-up of this folder is running (.set-up.lock); waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lockFile, { force: true });
  process.on('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function takeLock(lockFile) {
  try {
    const file = openSync(lockFile, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      throw new SetUpError(`Setting up failed: can't write to "${ROOT}" (${error.code}).`);
  }
  if (!isAlive(Number(readFileSync(lockFile, 'utf8')))) rmSync(lockFile, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tell(text) {
  process.stderr.write(`${text}\n`);
}
