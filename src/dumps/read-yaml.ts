import type { ValueCollector } from './collect-values.ts';
import { parsePlainYaml } from './parse-plain-yaml.ts';
import { type ContentOptions, mayTell } from './read-json.ts';
import { splitYamlDocuments, type YamlPiece } from './split-yaml-documents.ts';

/** Reads YAML documents into the collector; yields after each chunk, so that it can be drained. */
export async function* readYaml(
  chunks: AsyncIterable<Uint8Array>,
  collector: ValueCollector,
  options: ContentOptions,
): AsyncGenerator<void> {
  const splitter = splitYamlDocuments();

  async function take(piece: YamlPiece): Promise<void> {
    if (piece.type === 'broken') collector.broken(piece.cut);
    else if (mayTell(piece.text, options.skim)) await takeText(piece, collector);
  }

  for await (const chunk of chunks) {
    for (const piece of splitter.push(chunk)) await take(piece);
    yield;
  }
  for (const piece of splitter.end()) await take(piece);
  yield;
}

async function takeText(
  piece: Exclude<YamlPiece, { type: 'broken' }>,
  collector: ValueCollector,
): Promise<void> {
  const parsed = parsePlainYaml(piece.text, 'managedFields') ?? (await parseFully(piece.text));
  if (parsed === undefined) collector.broken(false);
  else if (piece.type === 'item') collector.take((parsed.value as readonly unknown[])[0]);
  else if (piece.list) collector.take({ ...(parsed.value as object), items: [] });
  else if (parsed.value !== null) collector.take(parsed.value);
}

/** As the full parser reads it, which refuses more than a hundred uses of one alias; undefined when it is no YAML. */
async function parseFully(text: string): Promise<{ readonly value: unknown } | undefined> {
  const { parse } = await import('yaml');
  try {
    return { value: parse(text, { logLevel: 'silent', maxAliasCount: 100 }) as unknown };
  } catch {
    return undefined;
  }
}
