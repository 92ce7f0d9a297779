import type { Micros } from '../../../src/lib/time.ts';

/** A stretch of time of one object. */
export interface Moment {
  readonly cluster: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly from: Micros;
  readonly to: Micros;
}

/** As text for a URL: `CLUSTER/Pod/shop/podinfo-1@FROM-TO`. */
export function formatMoment({ cluster, kind, namespace, name, from, to }: Moment): string {
  return `${cluster}/${kind}/${namespace}/${name}@${Math.floor(from)}-${Math.ceil(to)}`;
}

/** Undefined when it is none. */
export function parseMoment(text: string): Moment | undefined {
  const match = /^(.*)\/([^/]+)\/([^/]*)\/([^/]+)@(\d+)-(\d+)$/.exec(text);
  if (match === null) return undefined;
  const [, cluster = '', kind = '', namespace = '', name = '', from = '', to = ''] = match;
  return { cluster, kind, namespace, name, from: Number(from), to: Number(to) };
}
