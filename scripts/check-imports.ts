import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { type Reference, readReferences, type SourceFile } from './read-references.ts';

/**
 * What each folder of `src/` may import besides itself: the map of ARCHITECTURE.md. A folder may import the tests' folder (`../test`)
 * from its own tests (and its conformance suite) only.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  lib: [],
  events: ['lib'],
  store: ['lib', 'events', 'objects'],
  kube: ['lib', 'events', 'objects'],
  dumps: ['lib', 'events', 'objects'],
  objects: ['lib', 'events'],
  stories: ['lib', 'events', 'objects'],
  traces: ['lib', 'events', 'objects', 'stories'],
  metrics: ['lib', 'events', 'objects', 'stories'],
  'kube-api': ['lib', 'events', 'objects', 'stories'],
  otlp: ['lib', 'events', 'objects', 'stories', 'traces', 'metrics'],
  follow: ['lib', 'events', 'objects', 'store', 'stories'],
  send: ['lib', 'events', 'objects', 'store', 'stories', 'follow', 'traces', 'metrics', 'otlp'],
  sources: ['lib', 'events', 'objects', 'store', 'kube', 'dumps', 'stories'],
  listen: ['lib', 'events', 'objects', 'store', 'kube', 'stories'],
  server: [
    'lib',
    'events',
    'objects',
    'store',
    'kube',
    'kube-api',
    'stories',
    'follow',
    'metrics',
    'traces',
    'sources',
    'listen',
  ],
  proxy: ['lib', 'events', 'objects', 'store', 'kube', 'sources', 'kube-api'],
  commands: [
    'lib',
    'events',
    'objects',
    'store',
    'kube',
    'dumps',
    'stories',
    'traces',
    'otlp',
    'send',
    'sources',
    'listen',
    'server',
    'proxy',
  ],
  bin: ['lib', 'listen', 'commands'],
  // Runs in a browser: pure parts only.
  ui: ['lib', 'events', 'objects', 'stories'],
};

/** What the server's answers look like: types, which leave nothing in what the browser loads. */
const OF_THE_API = 'src/server/schemas/';

/** Packages, or all of a scope, that one folder alone may import. */
const ONLY_IN: Readonly<Record<string, string>> = {
  '@kubernetes/client-node': 'kube',
  '@opentelemetry': 'otlp',
};

/**
 * The places where a file under `src/` imports what its folder may not, or a package that is not asked for in package.json, or touches
 * `process` outside of `src/bin/`.
 * @param packages the names of the packages that package.json asks for
 * @returns one line for each, in the order of the files: `src/lib/a.ts:3: …`; empty when all is well
 */
export function findWrongImports(files: readonly SourceFile[], packages: ReadonlySet<string>): string[] {
  return files.flatMap((file) => judgeFile(file, packages));
}

function judgeFile(file: SourceFile, packages: ReadonlySet<string>): string[] {
  const folder = readFolder(file.path);
  if (MAY_IMPORT[folder] === undefined) {
    return [
      `${file.path}: the folder src/${folder} is not in the map: add it to scripts/check-imports.ts and to ARCHITECTURE.md`,
    ];
  }
  try {
    return readReferences(file)
      .map((reference) =>
        reference.kind === 'process'
          ? judgeProcess(file.path, reference)
          : judgeImport(file.path, reference, packages),
      )
      .filter((text) => text !== '');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [`${file.path}: can't be parsed: ${error.message}`];
  }
}

function judgeImport(path: string, reference: Reference, packages: ReadonlySet<string>): string {
  const { specifier, line } = reference;
  const folder = readFolder(path);
  const may = MAY_IMPORT[folder] ?? [];
  const at = `${path}:${line}`;
  if (!specifier.startsWith('.')) return judgePackage(path, reference, packages);
  const target = posix.join(posix.dirname(path), specifier);
  if (target === 'package.json') return '';
  if (!target.startsWith('src/') && readFolder(target) !== 'ui') {
    if (isTest(path) && target.startsWith('test/')) return '';
    return `${at}: imports "${target}", which lies outside of src/`;
  }
  const wanted = readFolder(target);
  if (folder === 'ui' && target.startsWith(OF_THE_API)) return '';
  if (wanted === folder || may.includes(wanted)) return '';
  const list = may.length === 0 ? 'nothing but itself' : may.map((name) => `src/${name}`).join(', ');
  return `${at}: src/${folder} must not import src/${wanted} ("${specifier}"); it may import ${list}`;
}

function judgePackage(path: string, { specifier, line }: Reference, packages: ReadonlySet<string>): string {
  if (specifier.startsWith('node:')) return '';
  const [name = ''] = /^(@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
  const [scope = ''] = name.split('/');
  const [folder, owner] = [readFolder(path), ONLY_IN[name] ?? ONLY_IN[scope]];
  if (owner !== undefined && owner !== folder) {
    return `${path}:${line}: ${name} is imported by src/${owner} alone, not by src/${folder}: ask src/${owner} for what you need`;
  }
  if (packages.has(name)) return '';
  return `${path}:${line}: imports ${name}, which package.json does not ask for: it is there by chance`;
}

function judgeProcess(path: string, { line }: Reference): string {
  if (readFolder(path) === 'bin' || isTest(path)) return '';
  return `${path}:${line}: touches process, which is src/bin's alone: take what you need from the Context`;
}

/** `lib` of `src/lib/time.ts`; all of `ui/` is one. */
function readFolder(path: string): string {
  const [top = '', folder = ''] = path.split('/');
  return top === 'src' ? folder : top;
}

/** Tests, and the suite that is a test for whoever runs it. */
function isTest(path: string): boolean {
  return path.endsWith('.test.ts') || path.startsWith('src/store/conformance/');
}

/** Every TypeScript file under `src/` and `ui/src/` of a checkout. */
export function readSource(root: string): SourceFile[] {
  return ['src', 'ui/src']
    .flatMap((top) =>
      readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) =>
        posix.join(top, name.replaceAll('\\', '/')),
      ),
    )
    .filter((path) => /\.tsx?$/.test(path))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** The names of the packages that a checkout asks for. */
export function readPackages(root: string): ReadonlySet<string> {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return new Set(Object.keys({ ...dependencies, ...devDependencies }));
}
