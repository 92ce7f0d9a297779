import { useEffect, useState } from 'react';
import { readMessages } from './read-sse.ts';
import { authorize } from './token.ts';

/** `off`: this server has nothing live. */
export type LiveState = 'connecting' | 'live' | 'lost' | 'off';

export interface Live {
  readonly state: LiveState;
  /** Grows when there is something new to ask for, at most every second. */
  readonly version: number;
  /** How many messages told of something new since the page was opened. */
  readonly heard: number;
}

const NOTICE_EVERY_MS = 1_000;
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 10_000;

/** Hears of what is new, from the stream `/v1/live`; finds back when the server was away. */
export function useLive(): Live {
  const [live, setLive] = useState<Live>({ state: 'connecting', version: 0, heard: 0 });
  useEffect(() => {
    const abort = new AbortController();
    let heard = 0;
    let timer = 0;
    const setState = (state: LiveState) => setLive((before) => ({ ...before, state }));
    const notice = () => {
      // Nobody looks: it is told when someone does.
      if (document.hidden) {
        document.addEventListener('visibilitychange', notice, { once: true, signal: abort.signal });
        return;
      }
      timer = 0;
      setLive((before) => ({ ...before, version: before.version + 1, heard }));
    };
    const onNews = () => {
      heard += 1;
      if (timer === 0) timer = window.setTimeout(notice, NOTICE_EVERY_MS);
    };
    void follow(abort.signal, setState, onNews, () => {
      if (timer === 0) timer = window.setTimeout(notice, 0);
    });
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, []);
  return live;
}

/** @param onBack the server is there again: what was missed is asked for */
async function follow(
  signal: AbortSignal,
  setState: (state: LiveState) => void,
  onNews: () => void,
  onBack: () => void,
): Promise<void> {
  let last = '';
  let wait = FIRST_WAIT_MS;
  let wasLost = false;
  while (!signal.aborted) {
    try {
      const response = await connect(last, signal);
      if (response.status === 404) return setState('off');
      if (!response.ok || response.body === null) throw new Error(`${response.status}`);
      setState('live');
      if (wasLost) onBack();
      wasLost = false;
      wait = FIRST_WAIT_MS;
      for await (const { id, event } of readMessages(textOf(response.body))) {
        if (id !== '') last = id;
        if (NEWS.has(event)) onNews();
      }
    } catch {
      if (signal.aborted) return;
    }
    wasLost = true;
    setState('lost');
    await sleep(wait, signal);
    wait = Math.min(LONGEST_WAIT_MS, wait * 1.6);
  }
}

/** Messages that say that an answer would be another now. */
const NEWS: ReadonlySet<string> = new Set(['events', 'stories', 'coverage', 'reset']);

function connect(last: string, signal: AbortSignal): Promise<Response> {
  const headers = {
    accept: 'text/event-stream',
    ...authorize(),
    ...(last !== '' && { 'last-event-id': last }),
  };
  return fetch(new URL('v1/live', document.baseURI), { headers, signal });
}

async function* textOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield decoder.decode(value, { stream: true });
  }
}

function sleep(length: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, length);
    signal.addEventListener('abort', () => {
      window.clearTimeout(timer);
      resolve();
    });
  });
}
