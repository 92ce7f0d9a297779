/** A message of a stream of server-sent events. */
export interface StreamMessage {
  /** Where to go on from after it; empty when it does not say. */
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events from pieces of text, cut anywhere. By hand, because EventSource cannot send a token. */
export async function* readMessages(pieces: AsyncIterable<string>): AsyncGenerator<StreamMessage> {
  let rest = '';
  for await (const piece of pieces) {
    const blocks = (rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = readMessage(block);
      if (message !== undefined) yield message;
    }
  }
}

function readMessage(block: string): StreamMessage | undefined {
  const fields: Record<string, string[]> = { id: [], event: [], data: [] };
  for (const line of block.split('\n')) {
    const [, name = '', value = ''] = /^([a-z]+):? ?(.*)$/.exec(line) ?? [];
    fields[name]?.push(value);
  }
  const { id = [], event = [], data = [] } = fields;
  if (id.length + event.length + data.length === 0) return undefined;
  return { id: id.at(-1) ?? '', event: event.at(-1) ?? 'message', data: data.join('\n') };
}
