import type { IncomingHttpHeaders } from 'node:http';
import type { MicrosLength } from '../lib/time.ts';

/** One request to an API server. */
export interface ApiRequest {
  /** From the server's root, without query: `/api/v1/events`. */
  readonly path: string;
  /** Undefined and empty values are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Media types wanted; default `application/json`. */
  readonly accept?: string;
  /** When given, the request is a POST of it as JSON. */
  readonly body?: unknown;
  /** Whether the answer may come gzipped, where that is quicker; default false. */
  readonly gzip?: boolean;
  /** Aborts the request, and the reading of its body. */
  readonly signal?: AbortSignal;
  /** How long the answer may take to begin; default 60 s. */
  readonly answerWithin?: MicrosLength;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The bytes, unzipped. Throws `ApiFailure` when the connection breaks before the body's end. Read it to the end, or `close` it. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Gives the connection up. */
  close(): void;
}

/** A cluster as a kubeconfig's context describes it: where it is, and how to be let in. Nothing is sent before the first request. */
export interface Cluster {
  /** The name of the context, or `in-cluster`. */
  readonly name: string;
  /** The server's URL, without credentials. */
  readonly server: string;
  /** The context's namespace, `default` when it has none. */
  readonly namespace: string;
  /** Stands for the cluster where its kube-system namespace may not be read: made of the server's URL and its CA. */
  readonly fallbackUid: string;
  /**
   * Sends a request and returns its answer whatever the status, 401 alone excepted: then credentials are read again (files, exec plugin) and the
   * request is sent once more.
   *
   * @throws ApiFailure when no answer comes
   * @throws HarkError when the credentials cannot be had
   */
  request(request: ApiRequest): Promise<ApiResponse>;
  /** Closes the kept connections; requests under way fail. */
  close(): void;
}
