import type { EventForm } from '../events/event.ts';
import { resolveKind } from '../events/kind-names.ts';
import type { EventQuery } from '../events/query.ts';

/** The conditions of a query that an API server can test before it sends anything. */
export type ServerQuery = Pick<EventQuery, 'types' | 'reasons' | 'kinds' | 'for'>;

/**
 * The field selector that leaves out Events a query surely does not want; undefined when there is nothing to leave out. It may let others through: a
 * selector knows no "or", and no case-insensitive comparison.
 */
export function formatFieldSelector(query: ServerQuery, form: EventForm): string | undefined {
  const object = form === 'v1' ? 'involvedObject' : 'regarding';
  const terms = [
    formatType(query.types),
    formatTerm('reason', only(query.reasons)),
    formatTerm(`${object}.kind`, resolveKind(only(query.kinds) ?? '')),
    formatTerm(`${object}.name`, only(query.for?.map(({ name }) => name)) || undefined),
  ];
  return terms.filter((term) => term !== undefined).join(',') || undefined;
}

/** A type may be anything and is compared without case: so what is left out is the other of the two usual ones. */
function formatType(types: readonly string[] | undefined): string | undefined {
  const type = only(types?.map((one) => one.toLowerCase()));
  if (type === 'warning') return 'type!=Normal';
  return type === 'normal' ? 'type!=Warning' : undefined;
}

function formatTerm(field: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${field}=${value.replace(/[\\,=]/g, '\\$&')}`;
}

/** The value of a list that holds one, however often. */
function only(values: readonly string[] | undefined): string | undefined {
  const [value, ...more] = new Set(values ?? []);
  return more.length === 0 ? value : undefined;
}
