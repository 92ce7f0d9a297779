import { parseSync } from 'rolldown/utils';

export interface SourceFile {
  /** From the root of the repository, with slashes: `src/lib/time.ts`. */
  readonly path: string;
  readonly text: string;
}

/** What a file reaches for: a module, as written, or the global `process`; with the line it stands on. */
export interface Reference {
  readonly kind: 'module' | 'process';
  readonly specifier: string;
  readonly line: number;
}

/**
 * Everything that a TypeScript file reaches for, in the order of the text.
 * @throws SyntaxError when the file can't be parsed
 */
export function readReferences(file: SourceFile): Reference[] {
  const { program, errors } = parseSync(file.path, file.text);
  if (errors[0] !== undefined) throw new SyntaxError(errors[0].message);
  const references: Reference[] = [];
  walk(program, undefined, '', (node, parent, key) => {
    const line = lineOf(file.text, node);
    const specifier = readSpecifier(node);
    if (specifier !== undefined)
      references.push({ kind: isProcessModule(specifier) ? 'process' : 'module', specifier, line });
    if (isProcess(node, parent, key)) references.push({ kind: 'process', specifier: 'process', line });
  });
  return references;
}

function isProcessModule(specifier: string): boolean {
  return /^(node:)?process$/.test(specifier);
}

/** The module that a node of the syntax tree names: imports and re-exports, `import()` and the type `import('…')`. */
function readSpecifier(node: Node): string | undefined {
  if (!/^(Import|ExportAll|ExportNamed)(Declaration|Expression)$|^TSImportType$/.test(node.type))
    return undefined;
  return isNode(node.source) && typeof node.source.value === 'string' ? node.source.value : undefined;
}

/** The global `process`, not `x.process` nor the key of `{ process: … }`; `globalThis.process` is it, too. */
function isProcess(node: Node, parent: Node | undefined, key: string): boolean {
  if (node.type !== 'Identifier' || node.name !== 'process') return false;
  if (key === 'property' && parent?.type === 'MemberExpression' && !parent.computed) {
    return isNode(parent.object) && parent.object.name === 'globalThis';
  }
  return key !== 'key' && key !== 'imported';
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function walk(
  value: unknown,
  parent: Node | undefined,
  key: string,
  visit: (node: Node, parent: Node | undefined, key: string) => void,
): void {
  if (Array.isArray(value)) for (const item of value) walk(item, parent, key, visit);
  if (!isNode(value)) return;
  visit(value, parent, key);
  for (const [name, child] of Object.entries(value)) walk(child, value, name, visit);
}

function lineOf(text: string, node: Node): number {
  return text.slice(0, node.start).split('\n').length;
}
