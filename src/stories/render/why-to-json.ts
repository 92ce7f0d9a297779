import type { Diagnosis, Finding } from '../diagnose/finding.ts';
import { length, objectToJson, setOffToJson, time } from './to-json.ts';

/** The version of what `whyToJson` makes; the same rules as for stories. */
export const WHY_VERSION = 'hark.why/v1';

/** A diagnosis as JSON: `{ apiVersion, kind: "Diagnosis", asOf, findings, healed }`; docs/stories.md describes each field. */
export function whyToJson({ asOf, findings, healed }: Diagnosis) {
  return {
    apiVersion: WHY_VERSION,
    kind: 'Diagnosis',
    asOf: time(asOf),
    findings: findings.map((finding) => findingToJson(finding, asOf)),
    healed: healed.map((finding) => findingToJson(finding, asOf)),
  };
}

export type FindingJson = ReturnType<typeof findingToJson>;

/** One of them: see `whyToJson`. */
export function findingToJson(finding: Finding, asOf: number) {
  return {
    id: finding.id,
    state: finding.state,
    failure: finding.failure,
    subject: finding.subject,
    severity: finding.severity,
    object: objectToJson(finding.object),
    says: finding.says,
    means: finding.means,
    since: time(finding.since),
    lasted: length((finding.healedAt ?? asOf) - finding.since),
    lastAt: time(finding.lastAt),
    healedAt: time(finding.healedAt),
    count: finding.count,
    firstError: finding.firstError,
    firstErrorAt: time(finding.firstErrorAt),
    lastError: finding.lastError,
    setOffBy: setOffToJson(finding.setOffBy),
    mendedBy: setOffToJson(finding.mendedBy),
    evidence: finding.evidence,
    affected: finding.affected.map(objectToJson),
    next: finding.next,
    stories: finding.stories,
  };
}
