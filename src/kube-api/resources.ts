import type { EventForm } from '../events/event.ts';

/** A kind of object that is answered, in one of its versions. */
export interface Resource {
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  /** The plural, as in paths. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  /** How Events of it look; undefined: it is not Events. */
  readonly form: EventForm | undefined;
  readonly verbs: readonly string[];
}

const VERBS = ['get', 'list', 'watch'];

const EVENTS = {
  resource: 'events',
  singular: 'event',
  kind: 'Event',
  namespaced: true,
  shortNames: ['ev'],
  verbs: VERBS,
} as const;

export const CORE_EVENTS: Resource = { ...EVENTS, group: '', version: 'v1', form: 'v1' };

export const NAMESPACES: Resource = {
  group: '',
  version: 'v1',
  resource: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  namespaced: false,
  shortNames: ['ns'],
  form: undefined,
  verbs: VERBS,
};

/** The group of what Kubernetes does not have. */
export const HISTORY_GROUP = 'history.hark.dev';

const HISTORY = {
  group: HISTORY_GROUP,
  version: 'v1',
  namespaced: true,
  shortNames: [],
  form: undefined,
  verbs: VERBS,
} as const;

export const STORIES: Resource = { ...HISTORY, resource: 'stories', singular: 'story', kind: 'Story' };
export const FINDINGS: Resource = { ...HISTORY, resource: 'findings', singular: 'finding', kind: 'Finding' };

/** Whether it is stories or findings. */
export function isTold({ group, form }: Pick<Resource, 'group' | 'form'>): boolean {
  return group === HISTORY_GROUP && form === undefined;
}

/** The same Events as the core group's, for whom that leads to the cluster's own. `ev` goes on meaning those. */
export const HISTORY_EVENTS: Resource = {
  ...EVENTS,
  group: HISTORY_GROUP,
  version: 'v1',
  shortNames: [],
  form: 'v1',
};

/** What is answered where stories are told, besides the rest. */
export const HISTORY_RESOURCES: readonly Resource[] = [HISTORY_EVENTS, STORIES, FINDINGS];

/** All that is answered, in the order of discovery. */
export const RESOURCES: readonly Resource[] = [
  CORE_EVENTS,
  NAMESPACES,
  { ...EVENTS, group: 'events.k8s.io', version: 'v1', form: 'events.k8s.io/v1' },
];

/** `v1`, `events.k8s.io/v1` */
export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}
