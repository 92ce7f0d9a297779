import type { DatabaseSync } from 'node:sqlite';
import type { CoverageStretch } from '../../events/query.ts';
import type { Micros } from '../../lib/time.ts';
import type { CoverageStep } from '../store.ts';
import { arrays } from './read-names.ts';

type Row = [
  uid: string,
  namespace: string,
  since: Micros,
  until: Micros,
  open: number,
  version: string | null,
];

/** Records steps of coverage within the transaction that is open. */
export function createCoverageWriter(db: DatabaseSync) {
  const findOpen = arrays(
    db,
    'SELECT id FROM coverage WHERE cluster = ? AND namespace = ? AND open = 1 ORDER BY since DESC LIMIT 1',
  );
  const close = db.prepare('UPDATE coverage SET open = 0 WHERE cluster = ? AND namespace = ? AND open = 1');
  const insert = db.prepare(
    'INSERT INTO coverage (cluster, namespace, since, until, open, resource_version) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const extend = db.prepare(
    'UPDATE coverage SET until = max(until, ?), open = ?, resource_version = coalesce(?, resource_version) WHERE id = ?',
  );

  return function writeCoverage(cluster: number, step: CoverageStep): void {
    const { namespace, from, to, resourceVersion = null, close: closes = false } = step;
    const open = closes ? 0 : 1;
    const current =
      from === undefined ? (findOpen.get(cluster, namespace) as unknown as [number] | undefined) : undefined;
    if (current !== undefined) {
      extend.run(to, open, resourceVersion, current[0]);
      return;
    }
    if (closes && from === undefined) return;
    close.run(cluster, namespace);
    insert.run(cluster, namespace, from ?? to, Math.max(from ?? to, to), open, resourceVersion);
  };
}

/** Ends the stretches that a writer which crashed left open, where they stood: at what it committed last. */
export function closeCrashedCoverage(db: DatabaseSync): void {
  db.exec('UPDATE coverage SET open = 0 WHERE open = 1');
}

/** Stretches of one cluster, or of all, by cluster, namespace, time. */
export function readCoverageRows(db: DatabaseSync, cluster?: string): CoverageStretch[] {
  const select = arrays(
    db,
    `SELECT c.uid, v.namespace, v.since, v.until, v.open, v.resource_version
     FROM coverage v JOIN clusters c ON c.id = v.cluster
     WHERE ?1 IS NULL OR c.uid = ?1 ORDER BY c.uid, v.namespace, v.since, v.id`,
  );
  const rows = select.all(cluster ?? null) as unknown as Row[];
  return rows.map(([uid, namespace, from, to, open, version]) => ({
    cluster: uid,
    namespace,
    from,
    to,
    open: open === 1,
    ...(version === null ? {} : { resourceVersion: version }),
  }));
}
