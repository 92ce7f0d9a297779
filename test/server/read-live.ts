export interface LiveMessage {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** The messages of a stream of server-sent events; the connection ends with the loop. */
export async function* readLive(
  url: string,
  lastEventId?: string,
  more: Readonly<Record<string, string>> = {},
): AsyncGenerator<LiveMessage> {
  const stop = new AbortController();
  const headers = { ...more, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  const response = await fetch(url, { headers, signal: stop.signal });
  if (response.body === null || response.status !== 200)
    throw new Error(`${response.status}: ${await response.text()}`);
  let text = '';
  const decoder = new TextDecoder();
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const message = parseBlock(block);
        if (message !== undefined) yield message;
      }
    }
  } finally {
    stop.abort();
  }
}

function parseBlock(block: string): LiveMessage | undefined {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
  const [event, data] = [field('event'), field('data')];
  if (event === undefined || data === undefined) return undefined;
  return { event, id: field('id'), data: JSON.parse(data) };
}
