/** A schema of OpenAPI, without what refers to others by path: that differs between its versions. */
export interface ObjectSchema {
  readonly description: string;
  /** `NAME TYPE DESCRIPTION`; a type that begins with a capital is another schema here. */
  readonly fields: readonly string[];
}

const OBJECT = [
  'apiVersion string The version of the schema that this object is written in.',
  'kind string What this object is.',
];

const LIST = [...OBJECT, 'metadata ListMeta Where the list stands, and how to go on with it.'];

const EVENT = {
  description: 'Something that happened to an object, as one component told it, with its repeats.',
  fields: [
    ...OBJECT,
    'metadata ObjectMeta Name, namespace and times of the Event itself.',
    'involvedObject ObjectReference The object that it is about.',
    'reason string Why it happened, in one word for programs.',
    'message string What happened, in words for people.',
    'source EventSource Who reported it, and where from.',
    'firstTimestamp time When it happened first.',
    'lastTimestamp time When it happened last.',
    'count integer How often it happened.',
    'type string Normal, Warning, or whatever its reporter says.',
    'eventTime time When it happened first, to the microsecond.',
    'series EventSeries Its repeats, where they are counted as a series.',
    'action string What was done, or failed, to the object.',
    'related ObjectReference Another object that it is about.',
    'reportingComponent string The controller that reported it: kubernetes.io/kubelet.',
    'reportingInstance string Which of them: kubelet-xyzf.',
  ],
} as const;

/** What answers are made of, by the names that they have in Kubernetes. */
export const SCHEMAS = {
  Event: EVENT,
  HistoryEvent: EVENT,
  EventsEvent: {
    description: 'Something that happened to an object, as one component told it, with its repeats.',
    fields: [
      ...OBJECT,
      'metadata ObjectMeta Name, namespace and times of the Event itself.',
      'eventTime time When it happened first, to the microsecond.',
      'series EventsSeries Its repeats, where they are counted as a series.',
      'reportingController string The controller that reported it: kubernetes.io/kubelet.',
      'reportingInstance string Which of them: kubelet-xyzf.',
      'action string What was done, or failed, to the object.',
      'reason string Why it happened, in one word for programs.',
      'regarding ObjectReference The object that it is about.',
      'related ObjectReference Another object that it is about.',
      'note string What happened, in words for people.',
      'type string Normal, Warning, or whatever its reporter says.',
      'deprecatedSource EventSource Who reported it, of an Event of v1.',
      'deprecatedFirstTimestamp time When it happened first, of an Event of v1.',
      'deprecatedLastTimestamp time When it happened last, of an Event of v1.',
      'deprecatedCount integer How often it happened, of an Event of v1.',
    ],
  },
  EventSeries: {
    description: 'The repeats of an Event.',
    fields: [
      'count integer How often it happened until then.',
      'lastObservedTime time When it happened last.',
    ],
  },
  EventsSeries: {
    description: 'The repeats of an Event.',
    fields: [
      'count integer How often it happened until then.',
      'lastObservedTime time When it happened last.',
    ],
  },
  EventSource: {
    description: 'Who reported an Event.',
    fields: ['component string The component.', 'host string The node that it runs on.'],
  },
  ObjectReference: {
    description: 'An object, as another one names it.',
    fields: [
      'apiVersion string Its version.',
      'fieldPath string The part of it that is meant: spec.containers{web}.',
      'kind string Its kind.',
      'name string Its name.',
      'namespace string Its namespace.',
      'resourceVersion string Its version at that time.',
      'uid string Its uid.',
    ],
  },
  Namespace: {
    description: 'A namespace of which there are Events, whether it is there still or not.',
    fields: [
      ...OBJECT,
      'metadata ObjectMeta Its name, and when the first of its Events happened.',
      'spec object Nothing is known of it.',
      'status object Always Active.',
    ],
  },
  Story: {
    description: 'One rollout, one incident, one run of a Job: everything that one beginning set in motion.',
    fields: [
      ...OBJECT,
      'metadata ObjectMeta Its name is the id of the story.',
      'status StoryStatus What happened.',
    ],
  },
  StoryStatus: {
    description: 'What happened, as docs/stories.md of Hark describes it in full.',
    fields: [
      'kind string rollout, scaling, run, incident, deletion or activity.',
      'object object What it is about.',
      'title string What began it, in a few words.',
      'outcome string How it ended, or where it stands.',
      'summary string Why, in a line.',
      'from time When it began.',
      'lastAt time When something of it happened last.',
      'endsAt time When it was over; null while it goes on.',
      'steps array What happened, in the order of time.',
      'troubles array What went wrong.',
    ],
  },
  Finding: {
    description: 'Something that is wrong, or was until lately.',
    fields: [
      ...OBJECT,
      'metadata ObjectMeta Its name is the id of the finding.',
      'status FindingStatus What is wrong.',
    ],
  },
  FindingStatus: {
    description: 'What is wrong, as docs/stories.md of Hark describes it in full.',
    fields: [
      'state string now, or healed.',
      'failure string What is wrong, in a word that stays: image-pull, crash-loop.',
      'object object What a person looks at first.',
      'severity string error or warning.',
      'says string What is wrong, in a line.',
      'means string What that means, in a sentence.',
      'since time Since when.',
      'healedAt time When it was well again; null while it is not.',
      'count integer How often it was said.',
      'next string The command to type next.',
    ],
  },
  StoryList: { description: 'A list of stories.', fields: [...LIST, 'items []Story The stories.'] },
  FindingList: { description: 'A list of findings.', fields: [...LIST, 'items []Finding The findings.'] },
  EventList: { description: 'A list of Events.', fields: [...LIST, 'items []Event The Events.'] },
  HistoryEventList: {
    description: 'A list of Events.',
    fields: [...LIST, 'items []HistoryEvent The Events.'],
  },
  EventsEventList: { description: 'A list of Events.', fields: [...LIST, 'items []EventsEvent The Events.'] },
  NamespaceList: {
    description: 'A list of namespaces.',
    fields: [...LIST, 'items []Namespace The namespaces.'],
  },
  ObjectMeta: {
    description: 'What every object says of itself.',
    fields: [
      'annotations map Texts that are not selected by.',
      'creationTimestamp time When it was made.',
      'labels map Texts that are selected by.',
      'name string Its name, the only one of its kind in its namespace.',
      'namespace string The namespace that it is in.',
      'resourceVersion string The number of its last change in the record: Hark’s own, not the cluster’s.',
      'uid string What it and no other object of any time is called.',
    ],
  },
  ListMeta: {
    description: 'What every list says of itself.',
    fields: [
      'continue string Where to go on; empty when this is all.',
      'remainingItemCount integer How many are left.',
      'resourceVersion string Where the record stood.',
    ],
  },
} as const satisfies Readonly<Record<string, ObjectSchema>>;

export type SchemaName = keyof typeof SCHEMAS;

/** The names that they have in Kubernetes. */
export const FULL_NAMES: Readonly<Record<SchemaName, string>> = {
  Event: 'io.k8s.api.core.v1.Event',
  EventList: 'io.k8s.api.core.v1.EventList',
  EventSeries: 'io.k8s.api.core.v1.EventSeries',
  EventSource: 'io.k8s.api.core.v1.EventSource',
  ObjectReference: 'io.k8s.api.core.v1.ObjectReference',
  Namespace: 'io.k8s.api.core.v1.Namespace',
  NamespaceList: 'io.k8s.api.core.v1.NamespaceList',
  EventsEvent: 'io.k8s.api.events.v1.Event',
  EventsEventList: 'io.k8s.api.events.v1.EventList',
  EventsSeries: 'io.k8s.api.events.v1.EventSeries',
  HistoryEvent: 'dev.hark.history.v1.Event',
  HistoryEventList: 'dev.hark.history.v1.EventList',
  Story: 'dev.hark.history.v1.Story',
  StoryList: 'dev.hark.history.v1.StoryList',
  StoryStatus: 'dev.hark.history.v1.StoryStatus',
  Finding: 'dev.hark.history.v1.Finding',
  FindingList: 'dev.hark.history.v1.FindingList',
  FindingStatus: 'dev.hark.history.v1.FindingStatus',
  ObjectMeta: 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta',
  ListMeta: 'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta',
};
