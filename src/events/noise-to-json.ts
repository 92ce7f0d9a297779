import { formatMicroTime } from '../lib/rfc3339.ts';
import { type CountedNoise, columnsOf, type Noise, type NoiseKey } from './count-noise.ts';

/** Counted noise as JSON: `{ apiVersion: "hark.top/v1", kind: "Top", by, from, to, items }`; a list of the loudest. */
export function noiseToJson({ from, to }: CountedNoise, loudest: readonly Noise[], by: NoiseKey): object {
  const names = columnsOf(by);
  return {
    apiVersion: 'hark.top/v1',
    kind: 'Top',
    by,
    from: formatMicroTime(from),
    to: formatMicroTime(to),
    items: loudest.map((noise) => ({
      ...Object.fromEntries(names.map((name, index) => [name, noise.key[index] ?? ''])),
      count: noise.count,
      warnings: noise.warnings,
      events: noise.events,
      firstAt: formatMicroTime(noise.firstAt),
      lastAt: formatMicroTime(noise.lastAt),
      parts: noise.parts.map((part) => Math.round(part * 100) / 100),
    })),
  };
}
