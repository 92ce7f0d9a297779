import { once } from 'node:events';
import type { Answer } from './answer.ts';
import { matchesRequest, type RequestMatch, type SeenRequest } from './seen-request.ts';

/** What was asked, what is to be answered, and a way to wait for either. */
export interface RequestLog {
  readonly requests: readonly SeenRequest[];
  script(match: RequestMatch, answer: Answer, times: number): void;
  /** Notes a request, and returns its scripted answer if there is one. */
  take(request: SeenRequest): Answer | undefined;
  seen(match: RequestMatch, count: number): Promise<SeenRequest>;
  /** Resolves when the condition holds; looked at after each `changed`. */
  until(condition: () => boolean): Promise<void>;
  changed(): void;
}

export function createRequestLog(): RequestLog {
  const requests: SeenRequest[] = [];
  const scripts: { readonly match: RequestMatch; readonly answer: Answer; times: number }[] = [];
  const bell = new EventTarget();

  const changed = () => void bell.dispatchEvent(new Event('change'));

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await once(bell, 'change');
  }

  return {
    requests,
    changed,
    until,
    script(match, answer, times) {
      scripts.push({ match, answer, times });
    },
    take(request) {
      requests.push(request);
      const found = scripts.find((script) => matchesRequest(script.match, request));
      if (found !== undefined) found.times -= 1;
      if (found?.times === 0) scripts.splice(scripts.indexOf(found), 1);
      changed();
      return found?.answer;
    },
    async seen(match, count) {
      const matching = () => requests.filter((request) => matchesRequest(match, request));
      await until(() => matching().length >= count);
      return matching()[count - 1] as SeenRequest;
    },
  };
}
