import type { ValueCollector } from './collect-values.ts';
import { type ContentOptions, mayTell } from './read-json.ts';
import { splitYamlDocuments, type YamlPiece } from './split-yaml-documents.ts';

/** Reads YAML documents into the collector; yields after each chunk, so that it can be drained. */
export async function* readYaml(
  chunks: AsyncIterable<Uint8Array>,
  collector: ValueCollector,
  options: ContentOptions,
): AsyncGenerator<void> {
  /** Loaded on need: most dumps are JSON. */
  const { parseYamlPart } = await import('./parse-yaml-part.ts');
  const splitter = splitYamlDocuments();

  function take(piece: YamlPiece): void {
    if (piece.type === 'broken') collector.broken(piece.cut, piece.why);
    else if (mayTell(piece.text, options.skim)) takeText(piece, parseYamlPart(piece.text), collector);
  }

  for await (const chunk of chunks) {
    for (const piece of splitter.push(chunk)) take(piece);
    yield;
  }
  for (const piece of splitter.end()) take(piece);
  yield;
}

function takeText(
  piece: Exclude<YamlPiece, { type: 'broken' }>,
  values: readonly unknown[] | undefined,
  collector: ValueCollector,
): void {
  if (values === undefined) collector.broken(false);
  for (const value of values ?? []) {
    if (piece.type === 'item') collector.take((value as readonly unknown[])[0]);
    else if (piece.list) collector.take({ ...(value as object), items: [] });
    else if (value !== null) collector.take(value);
  }
}
