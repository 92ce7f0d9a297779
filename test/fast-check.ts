import fc from 'fast-check';

/**
 * fast-check for our tests: tries the same values on every run, so that a run of the tests says something of the change under test alone. `FAST_CHECK_SEED=random npm test` looks for values that
 * nobody has tried yet, `FAST_CHECK_SEED=NUMBER` tries those again that a failure named.
 */
const wanted = process.env.FAST_CHECK_SEED ?? '8471';
if (wanted !== 'random') fc.configureGlobal({ seed: readSeed(wanted) });

function readSeed(text: string): number {
  const seed = Number(text);
  if (!Number.isInteger(seed))
    throw new Error(`FAST_CHECK_SEED is "${text}", not a whole number or "random"`);
  return seed;
}

export * from 'fast-check';
// biome-ignore lint/style/noDefaultExport: as fast-check itself has it
export default fc;
