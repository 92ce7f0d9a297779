/** What a controller says it did to another object: the one it names in its message. */
export interface Claim {
  readonly does: 'creates' | 'deletes' | 'scales' | 'sees-done' | 'schedules' | 'evicts' | 'rescales';
  /** Kind and name of the object it was done to; its namespace is the speaker's. For `schedules` the Node. */
  readonly kind: string;
  readonly name: string;
  /** `scales`: the size before, where it is told; `rescales` and `scales`: the size after. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** `scales`: up rather than down. */
  readonly up: boolean;
}

interface Pattern {
  readonly does: Claim['does'];
  /** The kind of the object named, unless the pattern has a group `kind`. */
  readonly kind: string;
  /** On which reasons it is tried; when absent, on all whose messages begin with `Created`. */
  readonly reasons?: readonly string[];
  readonly matches: RegExp;
}

const MADE = ['SuccessfulCreate', 'SuccessfulDelete'];

/**
 * The wordings of Kubernetes 1.20 to 1.36 and of Argo Rollouts. They drift: only what stayed is matched.
 * From pkg/controller/{deployment/sync.go,controller_utils.go,cronjob,statefulset/stateful_pod_control.go}, pkg/scheduler/schedule_one.go.
 */
const PATTERNS: readonly Pattern[] = [
  {
    does: 'scales',
    kind: 'ReplicaSet',
    reasons: ['ScalingReplicaSet'],
    matches:
      /^Scaled (?<how>up|down) (?:replica set|ReplicaSet) (?<name>\S+)(?: \(revision \d+\))?(?: from (?<from>\d+))? to (?<to>\d+)/,
  },
  { does: 'creates', kind: 'Pod', reasons: MADE, matches: /^Created pod: (?<name>\S+)/ },
  { does: 'deletes', kind: 'Pod', reasons: MADE, matches: /^Deleted pod: (?<name>\S+)/ },
  { does: 'creates', kind: 'Job', reasons: MADE, matches: /^Created job (?<name>\S+)/ },
  { does: 'deletes', kind: 'Job', reasons: MADE, matches: /^Deleted job (?<name>\S+)/ },
  {
    does: 'sees-done',
    kind: 'Job',
    reasons: ['SawCompletedJob'],
    matches: /^Saw completed job: (?<name>[^\s,]+)/,
  },
  {
    does: 'creates',
    kind: 'PersistentVolumeClaim',
    reasons: MADE,
    matches: /^create Claim (?<name>\S+) Pod \S+ in StatefulSet/i,
  },
  { does: 'creates', kind: 'Pod', reasons: MADE, matches: /^create Pod (?<name>\S+) in StatefulSet/i },
  { does: 'deletes', kind: 'Pod', reasons: MADE, matches: /^delete Pod (?<name>\S+) in StatefulSet/i },
  {
    does: 'schedules',
    kind: 'Node',
    reasons: ['Scheduled'],
    matches: /^Successfully assigned \S+ to (?<name>\S+)/,
  },
  { does: 'rescales', kind: '', reasons: ['SuccessfulRescale'], matches: /^New size: (?<to>\d+)/ },
  // what add-ons say of what they make: `Created Revision "hello-00001"`, `Created new CertificateRequest resource "web-1"`
  {
    does: 'creates',
    kind: '',
    matches: /^Created (?:new )?(?<kind>[A-Z][A-Za-z]+)(?: resource)? "(?<name>[a-z0-9.-]+)"/,
  },
];

const OF_ANY: readonly Pattern[] = PATTERNS.filter((pattern) => pattern.reasons === undefined);
const NONE: readonly Pattern[] = [];
const REASONS = new Set(PATTERNS.flatMap((pattern) => pattern.reasons ?? []));
const BY_REASON: ReadonlyMap<string, readonly Pattern[]> = new Map(
  [...REASONS].map((reason) => [
    reason,
    PATTERNS.filter((pattern) => pattern.reasons?.includes(reason) ?? true),
  ]),
);

/**
 * What an Event's message says was done to another object.
 *
 * @param reason the Event's reason
 * @param message its message, without the prefix of combined Events
 */
export function readClaim(reason: string, message: string): Claim | undefined {
  const patterns = BY_REASON.get(reason) ?? (message.startsWith('Created ') ? OF_ANY : NONE);
  for (const pattern of patterns) {
    const groups = pattern.matches.exec(message)?.groups;
    if (groups === undefined) continue;
    const { kind = pattern.kind, name = '', how, from, to } = groups;
    return { does: pattern.does, kind, name, from: toNumber(from), to: toNumber(to), up: how === 'up' };
  }
  return undefined;
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}
