import { badRequest } from './status.ts';

/**
 * The resourceVersion of what the change of a number brought about: one more, since an API server's is never 0 and clients take `0` for "any".
 * It grows with the record, is kept with it, and is a decimal number as KEP-5504 wants it.
 */
export function formatResourceVersion(number: number): string {
  return String(number + 1);
}

/**
 * The number of the change that a resourceVersion tells of.
 *
 * @returns undefined for none and `0`: any
 * @throws StatusError 400
 */
export function parseResourceVersion(text: string): number | undefined {
  if (text === '' || text === '0') return undefined;
  const tell = (what: string) =>
    badRequest(
      `invalid resource version: resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${what}`,
    );
  if (!/^\d+$/.test(text)) throw tell('invalid syntax');
  const version = BigInt(text);
  if (BigInt.asUintN(64, version) !== version) throw tell('value out of range');
  return version === 0n ? undefined : Math.max(0, Number(version) - 1);
}
