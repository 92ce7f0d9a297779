import type { WireEvent } from './event-storage.ts';

/** The API groups that serve Events. */
export type EventApi = 'v1' | 'events.k8s.io/v1';

/** Names that differ: `v1`, then `events.k8s.io/v1`. */
const RENAMED = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
] as const;

/** An Event as one of the two API groups serves it. */
export function serveAs(api: EventApi, event: WireEvent): Record<string, unknown> {
  const { kind: _kind, apiVersion: _apiVersion, ...fields } = event;
  return { kind: 'Event', apiVersion: api, ...(api === 'v1' ? fields : rename(fields)) };
}

function rename(fields: Record<string, unknown>): Record<string, unknown> {
  const names = new Map<string, string>(RENAMED);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [names.get(name) ?? name, value]));
}

const REFERENCE = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

/** The labels that a field selector may name; the API server refuses all others (recorded in `_wire/field-selectors.txt`). */
const SELECTABLE: Readonly<Record<EventApi, ReadonlySet<string>>> = {
  v1: new Set([
    ...REFERENCE.map((field) => `involvedObject.${field}`),
    'reportingComponent',
    'source',
    ...common(),
  ]),
  'events.k8s.io/v1': new Set([
    ...REFERENCE.map((field) => `regarding.${field}`),
    'reportingController',
    ...common(),
  ]),
};

function common(): string[] {
  return ['reason', 'type', 'metadata.name', 'metadata.namespace'];
}

/**
 * Whether an Event in the served form matches a field selector.
 *
 * @throws Error with the API server's text when it names an unknown label
 */
export function matchesSelector(api: EventApi, selector: string, served: Record<string, unknown>): boolean {
  return splitTerms(selector).every((term) => {
    const [, label = '', operator, value = ''] = /^(.*?)(!=|==?)(.*)$/s.exec(term) ?? [];
    if (!SELECTABLE[api].has(label)) throw new Error(`field label not supported: ${label || term}`);
    const equal = readField(served, label) === value.replace(/\\([\\,=])/g, '$1');
    return operator === '!=' ? !equal : equal;
  });
}

/** Terms are parted by commas, unless escaped. */
function splitTerms(selector: string): string[] {
  return selector.match(/(?:\\.|[^,\\])+/gs) ?? [];
}

function readField(served: Record<string, unknown>, label: string): string {
  if (label === 'source')
    return readPath(served, 'source.component') || readPath(served, 'reportingComponent');
  return readPath(served, label);
}

function readPath(value: unknown, path: string): string {
  const found = path
    .split('.')
    .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], value);
  return found === undefined || found === null ? '' : String(found);
}
