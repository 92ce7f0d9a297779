import { useCallback, useEffect, useRef, useState } from 'react';
import { ApiFailure, fetchJson } from './fetch-json.ts';

export interface Answer<T> {
  /** The latest answer; stays while the next one is waited for. */
  readonly data: T | undefined;
  readonly failure: ApiFailure | undefined;
  readonly isLoading: boolean;
  readonly retry: () => void;
}

interface Kept<T> {
  readonly data: T | undefined;
  readonly failure: ApiFailure | undefined;
  /** What it is the answer to. */
  readonly path: string | undefined;
}

/**
 * The server's answer to a question, asked anew when the path or the version changes. What was answered stays until there is something newer.
 * A question under way is let go when another path is wanted; when it is only the version that grew, it is waited for and asked once more:
 * a server that is slower than the record grows is still heard.
 * @param path undefined: nothing is asked
 * @param version grows when the record has grown
 */
export function useAnswer<T>(path: string | undefined, version: number): Answer<T> {
  const [kept, setKept] = useState<Kept<T>>({ data: undefined, failure: undefined, path: undefined });
  const [tries, setTries] = useState(0);
  const moment = `${version} ${tries}`;
  const asking = useRef({ moment, askAgain: () => {} });
  const latest = useRef(moment);
  latest.current = moment;

  useEffect(() => {
    if (path === undefined) return;
    const abort = new AbortController();
    let isUnderWay = false;
    let isStale = false;
    const askAgain = () => {
      isStale = true;
      if (!isUnderWay) void ask();
    };
    const ask = async () => {
      isUnderWay = true;
      while (isStale && !abort.signal.aborted) {
        isStale = false;
        const answer = await askOnce<T>(path, abort.signal);
        if (abort.signal.aborted) return;
        setKept((before) => ({ data: before.data, ...answer, path }));
      }
      isUnderWay = false;
    };
    asking.current = { moment: latest.current, askAgain };
    askAgain();
    return () => abort.abort();
  }, [path]);

  useEffect(() => {
    if (asking.current.moment === moment) return;
    asking.current.moment = moment;
    asking.current.askAgain();
  }, [moment]);

  const retry = useCallback(() => setTries((count) => count + 1), []);
  return {
    data: kept.data,
    failure: kept.failure,
    isLoading: path !== undefined && kept.path !== path,
    retry,
  };
}

/** The data, or why there is none: then what was there before stays. */
async function askOnce<T>(
  path: string,
  signal: AbortSignal,
): Promise<{ data: T; failure: undefined } | { failure: ApiFailure }> {
  try {
    return { data: await fetchJson<T>(path, signal), failure: undefined };
  } catch (error) {
    return { failure: error instanceof ApiFailure ? error : new ApiFailure('bug', String(error)) };
  }
}
