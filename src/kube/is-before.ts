import { compareResourceVersions } from '../events/resource-version.ts';

const DECIMAL = /^\d+$/;

/** Whether a resourceVersion is surely older than another: known of decimal ones only, which is what API servers on etcd give. */
export function isBefore(a: string, b: string): boolean {
  return DECIMAL.test(a) && DECIMAL.test(b) && compareResourceVersions(a, b) < 0;
}
