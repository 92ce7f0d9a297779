import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

const TIMES = 8;
const BYTES = TIMES * 2 ** 20;
/** Objects made at a time, and how often at most: what lives while it is cleared makes V8 let that part grow, at once as a rule. */
const OBJECTS = 10_000;
const MOST_TURNS = 100;

/**
 * Lets the part of V8's heap that new objects go to grow from 1 MB to 8 MB, and no further: for a command that holds much and works out large answers. What
 * such an answer is made of did not die before it was taken for something that lives, and every few answers all that is held was searched for it, for a
 * second or two. Takes a few milliseconds. Does nothing where V8 does not tell how large that part is.
 */
export function growYoungHeap(): void {
  setFlagsFromString(`--semi-space-growth-factor=${TIMES}`);
  for (let turn = 0; turn < MOST_TURNS && youngBytes() < BYTES; turn++)
    Array.from({ length: OBJECTS }, (_, number) => [number]);
  setFlagsFromString('--semi-space-growth-factor=1');
}

function youngBytes(): number {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  return young?.space_size ?? Number.POSITIVE_INFINITY;
}
