import type { Micros } from '../../lib/time.ts';
import { formatObject, type ObjectId } from '../../objects/object.ts';
import type { SetOff, Step, Story, Trouble } from '../story.ts';
import { OF_KUBERNETES } from '../tell/find-roots.ts';
import { isForcedEnd } from '../tell/forced-ends.ts';
import { BESIDE } from '../tell/judge-outcome.ts';
import { SKEW } from '../tell/limits.ts';
import { messageShape } from '../tell/message-shape.ts';
import { NO_NODES } from '../tell/read-scheduling.ts';
import { stableId } from '../tell/stable-id.ts';
import { walkSteps } from '../tell/walk-steps.ts';
import {
  collectCases,
  countFailedRuns,
  type FailedRuns,
  repeaterObject,
  repeaterOf,
} from './collect-cases.ts';
import { type Cause, ENDINGS, explainSymptoms } from './explain-symptoms.ts';
import { type FindMending, openMendings, toMending } from './find-mending.ts';
import type { Diagnosis, Finding } from './finding.ts';
import { nextCommand } from './next-command.ts';

/**
 * Says what is wrong now, by root causes: what, since when, how often, the first error in full, what set it off, what to type next; and
 * what was wrong lately and is well again. Pure: the same for the same stories.
 *
 * @param asOf what counts as now: until when the record goes
 */
export function diagnose(stories: readonly Story[], asOf: Micros): Diagnosis {
  const { open, ended } = collectCases(stories, asOf);
  const context: Context = { failedRuns: countFailedRuns(stories), findMending: openMendings(stories) };
  const findings = toFindings(explainSymptoms(open), 'now', context);
  const wrong = new Set(findings.map((finding) => finding.id));
  return {
    asOf,
    findings: findings.sort(compareFindings),
    healed: toFindings(
      explainSymptoms(ended).filter((cause) => isHealed(cause, context)),
      'healed',
      context,
    )
      .filter((finding) => !wrong.has(finding.id))
      .sort((a, b) => (b.healedAt ?? 0) - (a.healedAt ?? 0) || (a.id < b.id ? -1 : 1)),
  };
}

/**
 * What went away with its object did not become well, unless a rollout put something well in its place; in place of a Pod that was ended by
 * force there is another.
 */
function isHealed(cause: Cause, { findMending }: Context): boolean {
  const { trouble } = cause;
  return trouble.ended === 'healed' || isForcedEnd(trouble) || findMending(cause) !== undefined;
}

interface Context {
  readonly failedRuns: ReadonlyMap<string, FailedRuns>;
  readonly findMending: FindMending;
}

function compareFindings(a: Finding, b: Finding): number {
  if (a.severity !== b.severity) return a.severity === 'error' ? -1 : 1;
  return a.since - b.since || (a.id < b.id ? -1 : 1);
}

function toFindings(causes: readonly Cause[], state: Finding['state'], context: Context): Finding[] {
  const groups = Map.groupBy(causes, keyOf);
  return [...groups].map(([key, group]) => toFinding(key, group, state, context));
}

/** What several workloads can lack at once: told once, however many do. */
const SHARED: ReadonlySet<string> = new Set([
  'image-pull',
  'image-name',
  'image-never-pull',
  'config-missing',
  'mount-failed',
  'quota-exceeded',
  'service-account-missing',
  'admission-denied',
  'webhook-unreachable',
  'pod-security',
  'volume-unbound',
  'node-not-ready',
  'node-pressure',
]);
const OF_CLUSTER: ReadonlySet<string> = new Set([
  'image-pull',
  'node-not-ready',
  'node-pressure',
  'webhook-unreachable',
]);

function keyOf({ story, trouble }: Cause): string {
  const { failure, subject, object } = trouble;
  const isShared = SHARED.has(failure) && subject !== '' && !subject.startsWith('volume ');
  const isOfCluster = OF_CLUSTER.has(failure) || subject === NO_NODES;
  if (isShared || isOfCluster)
    return `${object.cluster}/${isOfCluster ? '' : object.namespace}/${failure}/${subject}`;
  const owner =
    story.kind === 'run'
      ? repeaterOf(story)
      : `${object.cluster}/${story.object.kind}/${story.object.namespace}/${story.object.name}`;
  return `${owner}/${failure}/${subject}`;
}

function toFinding(key: string, group: readonly Cause[], state: Finding['state'], context: Context): Finding {
  const sorted = [...group].sort(
    (a, b) => a.trouble.firstAt - b.trouble.firstAt || (a.story.id < b.story.id ? -1 : 1),
  );
  const first = sorted[0] as Cause;
  const { trouble, story } = first;
  const last = sorted.reduce(
    (latest, each) => (each.trouble.lastAt > latest.trouble.lastAt ? each : latest),
    first,
  );
  const object = objectOf(sorted);
  const lastError = last.trouble.lastError || last.trouble.firstError;
  return {
    id: stableId(key),
    state,
    failure: trouble.failure,
    subject: trouble.subject,
    object,
    severity: sorted.some(isGrave) ? 'error' : 'warning',
    says: sayFinding(sorted),
    means: trouble.means,
    since:
      story.kind === 'run'
        ? (context.failedRuns.get(repeaterOf(story))?.since ?? trouble.firstAt)
        : trouble.firstAt,
    lastAt: last.trouble.lastAt,
    healedAt: state === 'healed' ? Math.max(...sorted.map((each) => each.trouble.endedAt ?? 0)) : undefined,
    count: sorted.reduce((sum, each) => sum + each.trouble.count, 0),
    firstError: trouble.firstError,
    firstErrorAt: trouble.firstAt,
    lastError: messageShape(lastError) === messageShape(trouble.firstError) ? '' : lastError,
    setOffBy: findSetOff(first),
    mendedBy: state === 'healed' ? findMendedBy(sorted, context) : undefined,
    evidence: gatherEvidence(sorted, context),
    affected: uniqueObjects(
      [...sorted, ...sorted.flatMap((each) => each.symptoms)].map((each) => each.trouble.object),
    ),
    next: nextCommand(heldBackBy(first) ?? trouble, story, object),
    stories: [...new Set(sorted.map((each) => each.story.id))],
  };
}

/** What makes room for another is no error, but that its replacement finds none is. */
function isGrave({ trouble, symptoms }: Cause): boolean {
  return [trouble, ...symptoms.map((symptom) => symptom.trouble)].some(
    ({ severity }) => severity === 'error',
  );
}

/** What made it well: the change of what its error names, else the one that began the rollout which replaced what had failed. */
function findMendedBy(sorted: readonly Cause[], { findMending }: Context): SetOff | undefined {
  const named = sorted.findLast((each) => each.trouble.mendedBy !== undefined)?.trouble.mendedBy;
  const rollout =
    named === undefined ? sorted.map(findMending).find((each) => each !== undefined) : undefined;
  return named ?? (rollout === undefined ? undefined : toMending(rollout));
}

/** What kept the Pods of a run that failed from running: that is to be mended first. */
function heldBackBy({ story, symptoms }: Cause): Trouble | undefined {
  const because = story.kind === 'run' ? symptoms[0]?.trouble : undefined;
  return because === undefined || ENDINGS.has(because.failure) ? undefined : because;
}

/** The workload, when all of it is of one; of what befell a Pod in its Node's story the Pod; else the first object that is in trouble. */
function objectOf(group: readonly Cause[]): ObjectId {
  const owners = uniqueObjects(
    group.map(({ story, trouble }) =>
      trouble.object.kind === 'Node' || story.object.kind === 'Node' ? trouble.object : repeaterObject(story),
    ),
  );
  const [owner] = owners;
  const [first] = group;
  return owner ?? (first as Cause).trouble.object;
}

function sayFinding(group: readonly Cause[]): string {
  const [first] = group;
  const because = first?.story.kind === 'run' ? first.symptoms[0]?.trouble.says : undefined;
  const says = `${first?.trouble.says ?? ''}${because === undefined ? '' : `: ${because}`}`;
  const owners = uniqueObjects(group.map((each) => each.story.object));
  return owners.length > 1 ? `${says} (${owners.length} workloads)` : says;
}

/** What was changed of what it refers to is closer than the change that began its story, where the story tells so. */
function findSetOff({ story, trouble }: Cause): SetOff | undefined {
  const { root } = story;
  const { setOffBy } = trouble;
  if (setOffBy !== undefined && setOffBy.confidence !== 'possible') return setOffBy;
  if (BESIDE.has(trouble.object.kind)) return setOffBy;
  if (root === undefined || root.at > trouble.firstAt + SKEW || OF_KUBERNETES.has(root.by)) return setOffBy;
  const { object, at, by, says } = root;
  return { object, at, by, says, how: 'root', ...weighRoot(story, trouble) };
}

/** How sure it is that the change which began a story set off what went wrong in it. */
function weighRoot(
  { kind, root, notes }: Story,
  { subject }: Trouble,
): Pick<SetOff, 'confidence' | 'because'> {
  if (subject !== '' && root?.says.includes(subject) === true)
    return { confidence: 'sure', because: ['the error names what it changed'] };
  if (root?.reason === 'created') return { confidence: 'likely', because: ['it failed from the start'] };
  const because = kind === 'rollout' || kind === 'scaling' || kind === 'run' ? [`it began this ${kind}`] : [];
  if (kind === 'rollout' && notes.length > 0) because.push(...notes);
  return { confidence: because.length > 0 ? 'likely' : 'possible', because };
}

/** `4591 × BackOff, 5 × Failed on pod/podinfo-84b5bccbfd-rgb42`, what it explains, and what still runs. */
function gatherEvidence(group: readonly Cause[], { failedRuns }: Context): string[] {
  const evidence: string[] = [];
  evidence.push(...countReasons(group));
  const runs = new Set(
    group.filter((each) => each.story.kind === 'run').map((each) => repeaterOf(each.story)),
  );
  for (const run of runs) {
    const { count } = failedRuns.get(run) ?? { count: 0 };
    if (count > 1) evidence.push(`the last ${count} runs failed`);
  }
  const explained = group.flatMap((each) =>
    each.story.kind === 'run' ? [] : each.symptoms.map((symptom) => symptom.trouble),
  );
  for (const says of new Set(explained.map((symptom) => symptom.says))) evidence.push(`explains: ${says}`);
  for (const note of new Set(group.flatMap((each) => each.story.notes))) evidence.push(note);
  if (group[0]?.trouble.failure === 'image-pull') evidence.push(...findPullSecrets(group));
  return evidence;
}

/** Secrets for pulling that the kubelet misses, which it says once and as if it were nothing. */
function findPullSecrets(group: readonly Cause[]): string[] {
  const steps = group.flatMap((each) => [...walkSteps(each.story.steps)]);
  const missing = steps.filter((step) => step.reason === 'FailedToRetrieveImagePullSecret');
  return [...new Set(missing.map((step) => step.says))];
}

/** `5 × Failed, 64 × BackOff on pod/web-1 and 3 more`, a clause for each kind of object that says so. */
function countReasons(group: readonly Cause[]): string[] {
  const steps = group.flatMap((each) => {
    const wanted = new Set(
      [each.trouble, ...each.symptoms.map((symptom) => symptom.trouble)].flatMap(
        (trouble: Trouble) => trouble.steps,
      ),
    );
    return [...walkSteps(each.story.steps)].filter((step) => wanted.has(step.id) && isTelling(step));
  });
  const byKind = Map.groupBy(steps, (step) => step.object.kind);
  return [...byKind.values()].map(
    (ofKind) => `${sayCounts(ofKind)} on ${sayObjects(uniqueObjects(ofKind.map((step) => step.object)))}`,
  );
}

function isTelling(step: Step): boolean {
  return !step.echo && step.reason !== 'condition-changed';
}

function sayCounts(steps: readonly Step[]): string {
  const counts = new Map<string, number>();
  for (const step of steps) counts.set(nameOf(step), (counts.get(nameOf(step)) ?? 0) + step.count);
  return [...counts]
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .map(([reason, count]) => `${count} × ${reason}`)
    .join(', ');
}

function nameOf(step: Step): string {
  return step.reason === 'container-terminated'
    ? step.says.replace(/^(?:Init container|Container) \S+ /, '').replace(/:.*$/s, '')
    : step.reason;
}

function sayObjects(objects: readonly ObjectId[]): string {
  const [first] = objects;
  if (first === undefined) return '';
  return objects.length === 1 ? formatObject(first) : `${formatObject(first)} and ${objects.length - 1} more`;
}

function uniqueObjects(objects: readonly ObjectId[]): ObjectId[] {
  const found = new Map<string, ObjectId>();
  for (const object of objects) {
    const key = `${object.cluster}/${object.kind}/${object.namespace}/${object.name}`;
    if (!found.has(key)) found.set(key, object);
  }
  return [...found.values()];
}
