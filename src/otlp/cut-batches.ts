/** So much a receiver takes at once: a Collector takes 4 MiB over gRPC, 20 MiB over HTTP. */
const MOST_BYTES = 1024 * 1024;
const MOST_ITEMS = 512;

/** Items in batches of at most 512, and of about 1 MiB where not a single one is larger; none is empty. */
export function* cutBatches<Item>(
  items: Iterable<Item>,
  sizeOf: (item: Item) => number,
  most: { readonly bytes: number; readonly items: number } = { bytes: MOST_BYTES, items: MOST_ITEMS },
): Generator<Item[]> {
  let batch: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (batch.length > 0 && (batch.length >= most.items || bytes + size > most.bytes)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** About how many bytes attributes take, sent as Protobuf. */
export function sizeOfAttributes(attributes: Readonly<Record<string, unknown>>): number {
  let size = 0;
  for (const name in attributes) size += name.length + 8 + sizeOfValue(attributes[name]);
  return size;
}

function sizeOfValue(value: unknown): number {
  if (typeof value === 'string') return value.length;
  return Array.isArray(value) ? value.reduce((sum, each) => sum + 4 + String(each).length, 0) : 8;
}
