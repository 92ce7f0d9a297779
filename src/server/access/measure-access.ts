import { Counter, Gauge, type Registry } from 'prom-client';
import type { GuardOptions } from '../guard-requests.ts';

/** Measures what is asked of API servers, and what is kept for those who see a part. */
export function measureAccess(registry: Registry, { access, audit }: GuardOptions): void {
  const registers = [registry];
  if (access !== undefined) {
    const { counts } = access;
    new Counter({
      name: 'hark_access_reviews_total',
      help: 'TokenReviews and SubjectAccessReviews, by the cluster asked and what it said',
      labelNames: ['cluster', 'kind', 'result'],
      registers,
      collect() {
        this.reset();
        for (const { name: cluster, counts: ofCluster } of counts.reviewers)
          for (const kind of ['token', 'access'] as const)
            for (const result of ['yes', 'no', 'failed'] as const)
              this.inc({ cluster, kind, result }, ofCluster.of(kind, result));
      },
    });
    new Gauge({
      name: 'hark_access_scopes',
      help: 'Parts of the record that are kept in memory for those who see no more',
      registers,
      collect() {
        this.set(counts.views());
      },
    });
    new Counter({
      name: 'hark_access_ended_total',
      help: 'Answers under way that were ended because who asked may no longer see them',
      registers,
      collect() {
        this.reset();
        this.inc(counts.ended());
      },
    });
  }
  if (audit !== undefined)
    new Counter({
      name: 'hark_audit_lost_total',
      help: 'Entries of the audit log that could not be written',
      registers,
      collect() {
        this.reset();
        this.inc(audit.log.lost());
      },
    });
}
