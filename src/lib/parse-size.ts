import { HarkError } from './errors.ts';

/** Kubernetes' quantities (`k8s.io/apimachinery/pkg/api/resource`), as far as they make sense for bytes. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * Reads a number of bytes as Kubernetes writes it: `500Mi`, `10Gi`, `1.5G`, `1048576`; a `B` behind the unit is let pass.
 *
 * @param what the flag it was typed for, named in the error: `--max-size`
 * @throws HarkError `usage` when it is none, or not above zero
 */
export function parseSize(text: string, what: string): number {
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)([kMGT]|[KMGT]i)?B?$/.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(digits) * (UNITS[unit] ?? Number.NaN));
  if (digits !== '' && bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new HarkError(
    'usage',
    `${what} "${text}" is no size: a number with a unit (Ki, Mi, Gi, k, M, G) is wanted`,
    {
      hint: `For example: ${what} 500Mi, ${what} 10Gi`,
    },
  );
}
