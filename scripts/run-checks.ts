import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { findWrongImports, readPackages, readSource } from './check-imports.ts';

interface Check {
  readonly name: string;
  /** Resolves to what is wrong; empty when nothing is. */
  readonly run: () => Promise<string>;
}

const CHECKS: readonly Check[] = [
  {
    name: 'types',
    run: async () => (await checkTypes('.')) + (await checkTypes('ui')),
  },
  { name: 'lint', run: () => runTool('biome', ['check', '--error-on-warnings']) },
  {
    name: 'direction of imports',
    run: async () => findWrongImports(readSource('.'), readPackages('.')).join('\n'),
  },
];

/** Checks the repository in the working directory without running it; prints a line for each and what is wrong; returns the names of those that failed. */
export async function runChecks(): Promise<string[]> {
  const failed: string[] = [];
  for (const { name, run } of CHECKS) {
    const started = performance.now();
    const wrong = (await run()).trim();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    process.stdout.write(wrong === '' ? `✔ ${name}, ${seconds} s\n` : `✖ ${name}, ${seconds} s\n${wrong}\n`);
    if (wrong !== '') failed.push(name);
  }
  return failed;
}

function checkTypes(project: string): Promise<string> {
  return runTool('tsc', ['--project', project, '--pretty', String(process.stdout.isTTY === true)]);
}

/** Resolves to all that the tool printed when it failed. */
function runTool(name: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(join('node_modules', '.bin', name), args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve(code === 0 ? '' : output || `${name} ended with ${code ?? signal}`),
    );
  });
}
