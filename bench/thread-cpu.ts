import process from 'node:process';
import { BroadcastChannel } from 'node:worker_threads';

const CHANNEL = 'hark-bench-cpu';
const QUESTION = 'how much?';

/** CPU of the thread that calls it, in microseconds, since it began. */
export function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** CPU of all threads of this process, in microseconds, since it began. */
export function processCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Lets others ask how much CPU this thread took since this call. Does not keep it alive. */
export function tellThreadCpu(): void {
  const before = threadCpu();
  const channel = new BroadcastChannel(CHANNEL);
  channel.unref();
  channel.onmessage = (message) => {
    if (dataOf(message) === QUESTION) channel.postMessage(threadCpu() - before);
  };
}

/** Microseconds of CPU of the one other thread that tells it, as soon as it has time to answer. */
export async function askThreadCpu(): Promise<number> {
  const channel = new BroadcastChannel(CHANNEL);
  try {
    return await new Promise((resolve) => {
      channel.onmessage = (message) => resolve(Number(dataOf(message)));
      channel.postMessage(QUESTION);
    });
  } finally {
    channel.close();
  }
}

function dataOf(message: unknown): unknown {
  return (message as { readonly data: unknown }).data;
}
