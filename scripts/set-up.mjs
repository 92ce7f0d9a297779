// Makes a fresh clone ready to run: its packages and a Node that can run TypeScript. Read by any Node from 18 on, hence plain JavaScript.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetUpError, tell } from './basics.mjs';
import { explainNpmFailure, lastLine, run, runNpm } from './run-npm.mjs';
import { withLock } from './with-lock.mjs';

/** The oldest Node that runs `src/` as it is. */
export const WANTED_NODE = 24;

const NODE_BINARY = join(
  ROOT,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

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

/** Whatever the user's own npm configuration leaves out or is strict about. */
const INSTALL_FLAGS = [
  '--include=dev',
  '--include=optional',
  '--no-audit',
  '--no-fund',
  '--engine-strict=false',
];

async function installPackages() {
  const started = Date.now();
  tell('Setting up: installing what Hark is built with (npm ci; once, half a minute or so) …');
  const { code, output } = await runNpm(['ci', ...INSTALL_FLAGS]);
  if (code !== 0) throw new SetUpError(explainNpmFailure(output));
  tell(`Set up in ${Math.round((Date.now() - started) / 1000)} s.`);
}

/** Lets the `node` package fetch its Node where install scripts are switched off: it is the one package here that has one. */
async function fetchNode() {
  tell(`Setting up: fetching Node ${WANTED_NODE} …`);
  const { output } = await runNpm(['rebuild', 'node', '--ignore-scripts=false']);
  if (!existsSync(NODE_BINARY)) throw new SetUpError(`${explainNpmFailure(output)} ${adviseNode()}`);
}

async function checkNode() {
  const { code, output } = await run(NODE_BINARY, ['--version']);
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
