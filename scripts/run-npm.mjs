import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, tell } from './basics.mjs';
import { exitCodeOf, forwardSignals } from './forward-signals.mjs';

/** npm's own pauses make it take a minute and a half to give up where there is no network. */
const RETRY_FLAGS = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];

/** npm as it was called, else the one on the PATH. */
export function runNpm(args) {
  const flags = [...args, ...RETRY_FLAGS, '--loglevel=http'];
  const caller = process.env.npm_execpath ?? '';
  if (/npm-cli\.c?js$/.test(caller)) return run(process.execPath, [caller, ...flags]);
  return process.platform === 'win32' ? run('npm.cmd', flags, true) : run('npm', flags);
}

/** What npm logs when a download did not succeed at once. */
const FETCH_FAILED = 'attempt 1 failed with';

/**
 * Runs a program in the clone; resolves to its exit code and all it printed. A signal ends us too, after the program has tidied up: an
 * npm that goes on alone would get in the way of the next set-up.
 */
export function run(command, args, shell = false) {
  const child = spawn(command, args, { cwd: ROOT, shell, stdio: ['ignore', 'pipe', 'pipe'] });
  const forwarding = forwardSignals(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      if (!output.includes(FETCH_FAILED) && text.includes(FETCH_FAILED))
        tell("npm can't reach its registry; it tries again …");
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: -1, output: error.message }));
    child.on('close', (code) => {
      const signal = forwarding.stop();
      if (signal !== undefined) process.exit(exitCodeOf(signal));
      resolve({ code, output });
    });
  });
}

/** One sentence for what npm said on failing. */
export function explainNpmFailure(output) {
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

export function lastLine(text) {
  return text.trim().split('\n').pop() ?? '';
}
