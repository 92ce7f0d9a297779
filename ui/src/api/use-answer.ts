import { useCallback, useEffect, useState } from 'react';
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
  readonly key: string;
}

/**
 * The server's answer to a question, asked anew when the path or the version changes. What was answered stays until there is something newer.
 * @param path undefined: nothing is asked
 * @param version grows when the record has grown
 */
export function useAnswer<T>(path: string | undefined, version: number): Answer<T> {
  const [kept, setKept] = useState<Kept<T>>({ data: undefined, failure: undefined, key: '' });
  const [tries, setTries] = useState(0);
  const key = `${path} ${version} ${tries}`;
  useEffect(() => {
    if (path === undefined) return;
    const abort = new AbortController();
    fetchJson<T>(path, abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setKept({ data, failure: undefined, key });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const failure = error instanceof ApiFailure ? error : new ApiFailure('bug', String(error));
        setKept(({ data }) => ({ data, failure, key }));
      },
    );
    return () => abort.abort();
  }, [path, key]);
  const retry = useCallback(() => setTries((count) => count + 1), []);
  return { data: kept.data, failure: kept.failure, isLoading: path !== undefined && kept.key !== key, retry };
}
