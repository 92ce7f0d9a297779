import type { Failure } from './read-failure.ts';
import { shortenMessage } from './shorten-message.ts';

/** What a Node runs short of, by what tells of it. */
const SHORT_OF: readonly (readonly [RegExp, string])[] = [
  [/PID/, 'process ids'],
  [/Memory/i, 'memory'],
  [/Disk|storage|imagefs|nodefs|inodes|garbage collect/i, 'disk'],
];

/** What a Node runs short of. */
export function readPressure(failure: string, node: string, reason: string, message: string): Failure {
  const found = SHORT_OF.find(([pattern]) => pattern.test(reason) || pattern.test(message))?.[1];
  const isPlain = /^Node \S+ status is now|^Attempting to reclaim/.test(message);
  const detail = isPlain ? '' : `: ${shortenMessage(message)}`;
  return {
    failure,
    subject: found === undefined ? node : `${node}/${found}`,
    says: `Node ${node} runs short of ${found ?? 'something'}${detail}`,
  };
}

/** Which process a Node ended to have memory again. */
export function readNodeOom(failure: string, node: string, message: string): Failure {
  const [, victim = '', pid = ''] = /victim process: ([^,]*), pid: (\d+)/.exec(message) ?? [];
  const killed = pid === '' ? '' : `: ${victim === '' ? 'a process' : victim} (pid ${pid}) was ended`;
  return { failure, subject: '', says: `Node ${node} ran out of memory${killed}` };
}
