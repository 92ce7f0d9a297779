import type { MicrosLength } from '../lib/time.ts';

/**
 * What the kubelet says of a pull that ended (`pkg/kubelet/images/image_manager.go`; it tells the length since 1.20):
 * `Successfully pulled image "nginx:1.25" in 1.2s (3.4s including waiting). Image size: 70 bytes.`
 */
const PULLED = /^Successfully pulled image "([^"\s]+)"(?: in ((?:\d+(?:\.\d+)?[a-zµμ]+)+))?/;
const PART = /(\d+(?:\.\d+)?)(h|ms|m|s|µs|μs|us|ns)/y;
const UNITS: Readonly<Record<string, MicrosLength>> = {
  h: 3_600_000_000,
  m: 60_000_000,
  s: 1_000_000,
  ms: 1_000,
  µs: 1,
  μs: 1,
  us: 1,
  ns: 0.001,
};
const REFERENCE = /^(?<name>[^@]+?)(?::[\w][\w.-]{0,127})?(?:@.*)?$/;

export interface Pull {
  /** Without tag and digest, as it is written in the Pod: `ghcr.io/stefanprodan/podinfo`. */
  readonly image: string;
  /** Without waiting for other pulls; undefined where the kubelet does not tell (before 1.20). */
  readonly took: MicrosLength | undefined;
}

/** What a message of reason `Pulled` tells of a pull; undefined when nothing was pulled, as when the image was there already. */
export function readPull(message: string): Pull | undefined {
  const [, reference, length] = PULLED.exec(message) ?? [];
  if (reference === undefined) return undefined;
  return { image: nameOf(reference), took: length === undefined ? undefined : readGoDuration(length) };
}

function nameOf(reference: string): string {
  return REFERENCE.exec(reference)?.groups?.name ?? reference;
}

/** Go's `Duration.String()`: `145.944061ms`, `1m2.5s`, `0s`. In microseconds, the rest cut off. */
function readGoDuration(text: string): MicrosLength | undefined {
  let total = 0;
  PART.lastIndex = 0;
  for (let end = 0; end < text.length; ) {
    const match = PART.exec(text);
    if (match === null) return undefined;
    const [part, digits, unit = ''] = match;
    total += Number(digits) * (UNITS[unit] ?? 0);
    end = match.index + part.length;
  }
  return Math.floor(total);
}
