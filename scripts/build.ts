// `npm run build`: writes `dist/`, what is published: every command in chunks of its own, dependencies included, so that a start reads little.
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type OutputChunk } from 'rolldown';
import { buildUi } from './build-ui.ts';
import { formatLicenses } from './format-licenses.ts';

/** Executable to source. */
const EXECUTABLES = { hark: 'src/bin/hark.ts', 'kubectl_complete-hark': 'src/bin/kubectl-complete-hark.ts' };
/** Modules that threads run; found by `src/bin/main.ts`. */
const WORKERS = { 'store-worker': 'src/bin/store-worker.ts' };

const GRPC = '@opentelemetry/otlp-grpc-exporter-base';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
// Put in place when all went well: what ran before goes on to run.
const made = mkdtempSync('dist-');
try {
  const chunks = await bundle(made);
  writeFileSync(
    join(made, 'THIRD-PARTY-LICENSES.txt'),
    formatLicenses(chunks.flatMap((chunk) => chunk.moduleIds)),
  );
  for (const name of Object.keys(EXECUTABLES)) chmodSync(join(made, `${name}.js`), 0o755);
  await buildUi(resolve(made, 'ui'));
  chmodSync(made, 0o755);
  rmSync('dist', { recursive: true, force: true });
  renameSync(made, 'dist');
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.code.length, 0);
  process.stderr.write(`dist/: ${chunks.length} files, ${Math.round(bytes / 1024)} KiB\n`);
} finally {
  rmSync(made, { recursive: true, force: true });
}

async function bundle(dir: string): Promise<OutputChunk[]> {
  const { output } = await build({
    input: { ...EXECUTABLES, ...WORKERS },
    platform: 'node',
    tsconfig: false,
    // As an ES module it requires gRPC in a way that is not seen, and would look for the package where Hark runs.
    resolve: { alias: { [GRPC]: resolve('node_modules', GRPC, 'dist/index.cjs') } },
    output: {
      dir,
      format: 'esm',
      // Names of functions stay, for the stacks in reports of bugs.
      minify: { mangle: { keepNames: true }, compress: true, codegen: true },
      banner: (chunk) => (chunk.name in EXECUTABLES ? '#!/usr/bin/env node' : ''),
      chunkFileNames: 'chunks/[name]-[hash].js',
    },
    logLevel: 'warn',
    // Loading a module both ways is no mistake here: who imports it at once pays for it, the others don't.
    checks: { ineffectiveDynamicImport: false },
  });
  return output.filter((file): file is OutputChunk => file.type === 'chunk');
}
