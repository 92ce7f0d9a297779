import process from 'node:process';
import { BroadcastChannel } from 'node:worker_threads';

const CHANNEL = 'hark-bench-cpu';

/** CPU of the thread that calls it, in microseconds, since it began. */
export function threadCpu(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Tells, when this thread ends, the CPU it took since this call to whoever waits with `hearThreadCpu`. */
export function tellThreadCpu(): void {
  const before = threadCpu();
  process.once('exit', () => {
    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(threadCpu() - before);
    channel.close();
  });
}

/** Microseconds of CPU that the next thread to end took: call it before that one may. */
export async function hearThreadCpu(): Promise<number> {
  const channel = new BroadcastChannel(CHANNEL);
  try {
    return await new Promise((resolve) => {
      channel.onmessage = (message) => resolve((message as { readonly data: number }).data);
    });
  } finally {
    channel.close();
  }
}
