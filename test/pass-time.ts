import type { MicrosLength } from '../src/lib/time.ts';
import type { FakeClock } from './fake-clock.ts';

/** Lets time pass on a fake clock, and after each timer that fires lets everything run that waits for nothing but promises. */
export async function passTime(clock: FakeClock, length: MicrosLength): Promise<void> {
  const end = clock.now() + length;
  await settle();
  for (
    let [next] = clock.timers();
    next !== undefined && clock.now() + next <= end;
    [next] = clock.timers()
  ) {
    clock.advance(Math.max(0, next));
    await settle();
  }
  clock.advance(end - clock.now());
}

/** Lets everything run that waits for nothing but promises. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
