import type { ServerResponse } from 'node:http';
import type { Gate } from '../kube/gate.ts';
import { HarkError } from '../lib/errors.ts';
import { explainUpstream } from './open-upstream.ts';

/** Answers with a `Status`, as API servers tell what went wrong; with nothing when an answer has begun: then it is cut off. */
export function answerStatus(answer: ServerResponse, code: number, reason: string, message: string): void {
  if (answer.headersSent) {
    answer.destroy();
    return;
  }
  const body = formatStatus(code, reason, message);
  answer.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  answer.end(body);
}

/** A `Status` of a failure, as JSON. */
export function formatStatus(code: number, reason: string, message: string): string {
  return `${JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code })}\n`;
}

/** Whether an error is of the network, the cluster or the record: not a bug. */
export function isFailure(error: unknown): boolean {
  return error instanceof HarkError || typeof (error as NodeJS.ErrnoException).code === 'string';
}

/** What to answer when the server could not be asked: the failure in words, and what to do about it. */
export function describeFailure(gate: Gate, error: unknown): string {
  const failure = error instanceof HarkError ? error : explainUpstream(gate, error);
  return failure.hint === '' ? failure.message : `${failure.message}. ${failure.hint}`;
}
