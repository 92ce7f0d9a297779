import { findBuiltinKind } from '../events/kind-names.ts';
import type { Clock } from '../lib/clock.ts';
import type { Cluster } from './cluster.ts';
import { discover } from './discovery.ts';

/** How much of a kind's objects is asked for: all of them, or their metadata. */
export type ObjectForm = 'full' | 'metadata';

/** How much is told of objects: nothing, what metadata tells, or what their specs and states tell too. */
export type ChangesMode = 'none' | ObjectForm;

/** A kind of which all objects are listed and watched. */
export interface WatchedKind {
  readonly kind: string;
  /** Empty for the core group. */
  readonly group: string;
  /** Those to try, the best first. */
  readonly versions: readonly string[];
  readonly plural: string;
  readonly namespaced: boolean;
  readonly form: ObjectForm;
}

/** Kinds that run things, whole where their specs and states tell what happened: `KIND VERSION,…` where the version is not the same everywhere. */
const MAIN: readonly string[] = [
  'Pod',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ControllerRevision',
  'Job',
  'CronJob v1,v1beta1',
  'HorizontalPodAutoscaler v2,v2beta2,v1',
  'PersistentVolumeClaim',
  'Node',
];

/** Kinds that others refer to. Of these never more than the metadata: who wrote them, when, and the names of their keys. */
const REFERRED: readonly string[] = [
  'Namespace',
  'ConfigMap',
  'Secret',
  'ServiceAccount',
  'Role',
  'ClusterRole',
];

/** Kinds that refer to others by labels or as subjects, which no metadata tells. */
const REFERRING: readonly string[] = ['Service', 'NetworkPolicy', 'RoleBinding', 'ClusterRoleBinding'];

/** What applies the others, where it is installed: by its group's name, in whatever version is served. */
const APPLIERS: readonly (readonly [group: string, kind: string])[] = [
  ['helm.toolkit.fluxcd.io', 'HelmRelease'],
  ['kustomize.toolkit.fluxcd.io', 'Kustomization'],
  ['argoproj.io', 'Application'],
];

/** The main kinds alone. */
export function mainKinds(form: ObjectForm): WatchedKind[] {
  return MAIN.map((line) => readKind(line, form));
}

/** Kinds that others refer to, as metadata, and those that say themselves to whom they matter. */
export function referredKinds(form: ObjectForm): WatchedKind[] {
  return [
    ...REFERRED.map((line) => readKind(line, 'metadata')),
    ...REFERRING.map((line) => readKind(line, form)),
  ];
}

/**
 * Those of the kinds that apply others that a cluster serves.
 *
 * @throws ApiFailure when the server cannot be asked
 */
export async function findAppliers(
  cluster: Cluster,
  asking: { readonly clock: Clock; readonly signal: AbortSignal },
): Promise<WatchedKind[]> {
  const served = await discover(cluster, asking);
  return APPLIERS.flatMap(([group, kind]): WatchedKind[] => {
    const found = served.filter((resource) => resource.group === group && resource.kind === kind);
    const [first] = found;
    if (first === undefined) return [];
    const { plural, namespaced } = first;
    return [
      { kind, group, versions: found.map(({ version }) => version), plural, namespaced, form: 'metadata' },
    ];
  });
}

/** The name that RBAC rules and messages have for a kind: `pods`, `deployments.apps`. */
export function resourceName({ plural, group }: Pick<WatchedKind, 'plural' | 'group'>): string {
  return group === '' ? plural : `${plural}.${group}`;
}

function readKind(line: string, form: ObjectForm): WatchedKind {
  const [name = '', versions] = line.split(' ');
  const builtin = findBuiltinKind(name);
  if (builtin === undefined) throw new Error(`${name} is no built-in kind`);
  const { kind, group, version, plural, namespaced } = builtin;
  return { kind, group, versions: versions?.split(',') ?? [version], plural, namespaced, form };
}
