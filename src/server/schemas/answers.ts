import { Type } from 'typebox';
import { gap, micros, objectId, orNull, time } from './parts.ts';

const anyObject = Type.Object({}, { additionalProperties: true });

export const clusterList = Type.Object({
  reading: orNull(
    Type.Object(
      {
        events: Type.Integer(),
        of: Type.Integer({ description: 'Events there are' }),
        since: orNull(time),
      },
      {
        description:
          'how far a server that was just started has read the record: timelines and stories tell of Events last seen since then; null: of all',
      },
    ),
  ),
  clusters: Type.Array(
    Type.Object({
      uid: Type.String(),
      name: Type.String(),
      version: Type.String({ description: 'of Kubernetes; empty when not known' }),
      listening: Type.Union(
        ['no', 'connecting', 'catching up', 'listening', 'waiting', 'failed'].map((state) =>
          Type.Literal(state),
        ),
        { description: 'whether this server listens to it, and how that goes' },
      ),
      from: orNull(time),
      to: orNull(time),
    }),
  ),
});

export const recordedEvent = Type.Object(
  {
    id: Type.String({
      description: 'CLUSTER/NAMESPACE/NAME@MICROSECONDS: the Event for good; as in `sources` of a step',
    }),
    cluster: Type.String(),
    event: Type.Object({}, { additionalProperties: true, description: 'as the API server sent it last' }),
    points: Type.Array(
      Type.Object({
        at: time,
        count: Type.Integer({ description: 'where the counter stood' }),
        series: Type.Optional(Type.Boolean()),
        message: Type.Optional(Type.String({ description: "left out when it is the Event's" })),
      }),
    ),
    deletedAt: Type.Optional(time),
  },
  { description: 'A line of a Hark export, and its id' },
);

export const eventPage = Type.Object({
  items: Type.Array(recordedEvent, { description: 'in time order, oldest first' }),
  next: orNull(Type.String({ description: 'cursor of the next page; null when there is no more' })),
  gaps: Type.Array(gap),
  live: Type.String({ description: 'the `id` from which /v1/live goes on after this answer' }),
});

const story = Type.Object(
  {
    id: Type.String(),
    kind: Type.String(),
    object: objectId,
    title: Type.String(),
    outcome: Type.String(),
    summary: Type.String(),
    from: time,
    lastAt: time,
    endsAt: orNull(time),
    steps: Type.Array(anyObject),
  },
  { additionalProperties: true, description: 'as `hark story -o json` prints it: docs/stories.md' },
);

export const storyList = Type.Object({
  apiVersion: Type.String(),
  kind: Type.Literal('StoryList'),
  items: Type.Array(story, { description: 'in the order they began' }),
  toldSince: orNull(Type.String({ description: 'Events last seen before are in no story; null: all are' })),
  next: orNull(Type.String()),
});

export const oneStory = story;

export const diagnosis = Type.Object(
  {
    apiVersion: Type.String(),
    kind: Type.Literal('Diagnosis'),
    asOf: time,
    findings: Type.Array(anyObject),
    healed: Type.Array(anyObject),
    more: Type.Object(
      { findings: Type.Integer(), healed: Type.Integer() },
      { description: 'how many there was no room for' },
    ),
  },
  { additionalProperties: true, description: 'as `hark why -o json` prints it: docs/stories.md' },
);

export const top = Type.Object(
  {
    apiVersion: Type.String(),
    kind: Type.Literal('Top'),
    by: Type.String(),
    from: time,
    to: time,
    items: Type.Array(anyObject),
  },
  { additionalProperties: true, description: 'as `hark top -o json` prints it' },
);

export const objectList = Type.Object({
  items: Type.Array(
    Type.Object(
      { ...objectId.properties },
      { additionalProperties: true, description: 'an object, its owners and what it uses' },
    ),
  ),
  next: orNull(Type.String()),
});

export const changeList = Type.Object({
  items: Type.Array(
    Type.Object({ object: objectId, at: micros, type: Type.String() }, { additionalProperties: true }),
  ),
  next: orNull(Type.String()),
});

export const coverage = Type.Object({
  stretches: Type.Array(
    Type.Object({
      cluster: Type.String(),
      namespace: Type.String(),
      from: time,
      to: time,
      open: Type.Boolean(),
    }),
  ),
  gaps: Type.Array(gap),
});

const counted = Type.Array(
  Type.Object({
    value: Type.String(),
    events: Type.Integer({ description: 'Events' }),
    count: Type.Number({ description: 'happenings' }),
    warnings: Type.Number({ description: 'happenings that are no `Normal`' }),
  }),
  { description: 'the loudest first' },
);

export const facets = Type.Object({
  clusters: counted,
  namespaces: counted,
  kinds: counted,
  reasons: counted,
  types: counted,
  components: counted,
  more: Type.Record(Type.String(), Type.Integer(), { description: 'how many values of each were left out' }),
});

const buckets = Type.Object({
  normal: Type.Array(Type.Number()),
  warning: Type.Array(Type.Number()),
  reasons: Type.Array(Type.Tuple([Type.Integer(), Type.String(), Type.Number()]), {
    description: '[bucket, reason, count]: the most frequent of each bucket, as many as `reasons` asks for',
  }),
});

const bar = Type.Object({
  kind: Type.Union([Type.Literal('story'), Type.Literal('step')]),
  story: Type.String(),
  step: orNull(Type.String()),
  from: micros,
  to: orNull(micros),
  outcome: Type.String(),
  severity: Type.String(),
  label: Type.String(),
});

export const timeline = Type.Object({
  since: micros,
  until: micros,
  bucket: Type.Number({ description: 'length of a bucket in microseconds: (until - since) / buckets' }),
  buckets: Type.Integer(),
  extent: orNull(
    Type.Object({ from: micros, to: micros }, { description: 'of all that matches, at any time' }),
  ),
  totals: Type.Object({ events: Type.Integer(), count: Type.Number(), warnings: Type.Number() }),
  undated: Type.Integer({ description: 'Events that match and hold no time: they stand nowhere' }),
  histogram: buckets,
  rows: Type.Array(
    Type.Object({
      id: Type.String({ description: 'stable; for `expand`' }),
      parent: orNull(Type.String()),
      depth: Type.Integer(),
      label: Type.String(),
      object: objectId,
      story: orNull(Type.String({ description: 'the story that the row is, with group=story' })),
      children: Type.Integer({ description: 'rows right below it in this window' }),
      expanded: Type.Boolean(),
      events: Type.Integer({ description: 'with those of the rows below, shown or not' }),
      count: Type.Number(),
      warnings: Type.Number(),
      first: micros,
      last: micros,
      density: Type.Array(Type.Tuple([Type.Integer(), Type.Number(), Type.Number()]), {
        description:
          '[bucket, normal, warning], buckets with nothing left out: of the row and of those below it that are not shown',
      }),
      bars: Type.Array(bar, { description: 'stories and steps with their real length' }),
      moreBars: Type.Integer(),
      changes: Type.Array(
        Type.Object({
          story: Type.String(),
          step: Type.String(),
          at: micros,
          says: Type.String(),
          by: Type.String(),
        }),
      ),
      moreChanges: Type.Integer(),
    }),
  ),
  moreRows: Type.Integer({ description: 'rows after these' }),
  gaps: Type.Array(
    Type.Object({
      cluster: Type.String(),
      namespace: Type.String(),
      from: micros,
      to: micros,
      caughtUpAt: orNull(micros),
    }),
  ),
});
