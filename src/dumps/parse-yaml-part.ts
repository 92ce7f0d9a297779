import { CORE_SCHEMA, loadAll } from 'js-yaml';

const MOST_ALIASES = 100;
const DEEPEST = 100;
/** By how much a part may grow when what its aliases stand for is written out. */
const MOST_GROWTH = 1024 * 1024;

/**
 * Parses one part of a YAML stream by the core schema of YAML 1.2: times stay text.
 *
 * Kubernetes' tools print no aliases, others do. Each stands for the same object again, or for the one it is in: a few lines could make
 * whoever walks over the value walk for ever. Refused are more than 100, a value more than 100 levels deep, and one that has over 1 MiB
 * more to it than its text.
 *
 * @returns the documents in it, none where it holds only comments; undefined when it is no YAML or refused
 */
export function parseYamlPart(text: string): unknown[] | undefined {
  try {
    const documents = loadAll(text, { schema: CORE_SCHEMA, maxAliases: MOST_ALIASES, maxDepth: DEEPEST });
    const fit = !text.includes('*') || isWithin(documents, { left: text.length + MOST_GROWTH }, DEEPEST + 1);
    return fit ? documents : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is no larger, in characters and nodes, than what is left, and no deeper than `levels`. */
function isWithin(value: unknown, size: { left: number }, levels: number): boolean {
  if (typeof value === 'string') size.left -= value.length;
  if (typeof value !== 'object' || value === null) return size.left >= 0;
  const fields = Object.entries(value);
  size.left -= fields.length;
  if (size.left < 0 || levels === 0) return false;
  return fields.every(([key, child]) => {
    size.left -= key.length;
    return isWithin(child, size, levels - 1);
  });
}
