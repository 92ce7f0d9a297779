const DECIMAL = /^(?:0|[1-9][0-9]*)$/;

/**
 * Orders resourceVersions of one etcd by when they were written. They are decimal numbers of any length (KEP-5504); what is none
 * (missing, or of another kind of server) comes before all numbers, as text.
 */
export function compareResourceVersions(a: string, b: string): number {
  if (a === b) return 0;
  const aIsNumber = DECIMAL.test(a);
  if (aIsNumber !== DECIMAL.test(b)) return aIsNumber ? 1 : -1;
  if (aIsNumber && a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : 1;
}
