import { type TSchema, Type } from 'typebox';

/** A list in a query string: repeated or comma-separated. */
export function list(description: string) {
  return Type.Optional(
    Type.Array(Type.String(), { description: `${description}; repeated or comma-separated` }),
  );
}

export function text(description: string) {
  return Type.Optional(Type.String({ description }));
}

export function whole(description: string, maximum: number, minimum = 1) {
  return Type.Optional(Type.Integer({ minimum, maximum, description }));
}

/** An RFC 3339 time with microseconds, UTC. */
export const time = Type.String({ description: 'RFC 3339, UTC, with microseconds' });

/** Microseconds since the Unix epoch. */
export const micros = Type.Integer({ description: 'microseconds since 1970-01-01T00:00:00Z' });

export function orNull<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export const objectId = Type.Object(
  {
    cluster: Type.String({ description: "UID of the cluster's kube-system namespace" }),
    apiVersion: Type.String(),
    kind: Type.String(),
    namespace: Type.String(),
    name: Type.String(),
    uid: Type.String(),
  },
  { description: 'An object; a field that is not known is the empty string' },
);

export const failure = Type.Object({
  error: Type.Object({
    code: Type.String({ description: 'stable, for programs' }),
    message: Type.String(),
    hint: Type.String({ description: 'what to do next; may be empty' }),
  }),
});

export const gap = Type.Object(
  {
    cluster: Type.String(),
    namespace: Type.String({ description: "'' is the whole cluster" }),
    from: time,
    to: time,
    caughtUpAt: orNull(time),
  },
  {
    description:
      'Time in which nobody listened; when a list has caught up on it since, only folded repeats and Events deleted inside may be missing',
  },
);

/** The conditions that choose Events: those of the command line's flags of the same names. */
export const eventFilters = {
  cluster: list('cluster, by name or UID (default: all)'),
  namespace: list('namespace (default: all)'),
  for: list('KIND/NAME of the object it is about'),
  type: list('Normal, Warning'),
  reason: list('reason'),
  kind: list('kind of the object it is about'),
  component: list('component that reported it'),
  since: text('only what happened since: 15m, 2h, 7d ago, or an RFC 3339 time'),
  until: text('only what began before: the same'),
  grep: text('only messages that match this regular expression; (?i) before it ignores case'),
  text: text('only messages that hold all these words; a word that ends in * is a beginning'),
};
