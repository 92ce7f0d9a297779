/**
 * What a scripted request gets instead of the real answer:
 * - `status`: a `Status` object as the API server makes it, with the headers given.
 * - `pieces`: these bytes, each written on its own, and then the answer's end, or the connection is cut (no end of the answer), reset, or left
 *   open in silence.
 * - `hang`: not even a head. `reset`: the connection is reset at once.
 * - `real`: the real answer, sent in pieces of so many bytes, or gzipped, or cut after so many bytes.
 */
export type Answer =
  | {
      readonly status: number;
      readonly reason?: string;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
      /** A fresh `continue` token, as of a 410 in the middle of a list. */
      readonly continue?: string;
      /** Sent instead of a `Status`. */
      readonly text?: string;
    }
  | {
      readonly pieces: readonly (string | Uint8Array)[];
      readonly ending?: Ending;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly hang: true }
  | { readonly reset: true }
  | {
      readonly real: {
        readonly pieceBytes?: number;
        readonly gzip?: boolean;
        readonly cutAfterBytes?: number;
      };
    };

export type Ending = 'end' | 'cut' | 'reset' | 'hang';

/** A `Status` as the API server makes it. */
export function formatStatus(status: number, reason: string, message: string, more: object = {}): string {
  return JSON.stringify({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    code: status,
    ...more,
  });
}

/** The API server's reasons by status. */
export const REASONS: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
  504: 'Timeout',
};
