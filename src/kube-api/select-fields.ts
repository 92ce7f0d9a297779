import type { Event } from '../events/event.ts';
import type { EventQuery } from '../events/query.ts';
import { badRequest } from './status.ts';

/** One condition of a field selector. */
export interface FieldTerm {
  readonly field: string;
  readonly equals: boolean;
  readonly value: string;
}

/**
 * Reads a field selector. (k8s.io/apimachinery `pkg/fields` ParseSelector: terms in the order of their text, empty ones say nothing.)
 *
 * @throws StatusError 400
 */
export function parseFieldSelector(selector: string): FieldTerm[] {
  return splitTerms(selector)
    .sort()
    .filter((term) => term !== '')
    .map((term) => {
      const [, field, sign, value = ''] = /^(.*?)(!=|==|=)(.*)$/s.exec(term) ?? [];
      if (field === undefined)
        throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`);
      return { field, equals: sign !== '!=', value: unescapeValue(value) };
    });
}

/** At commas that no backslash is before. */
function splitTerms(selector: string): string[] {
  const terms = [''];
  for (const [part] of selector.matchAll(/\\[\s\S]|[\s\S]/g)) {
    if (part === ',') terms.push('');
    else terms.push((terms.pop() ?? '') + part);
  }
  return terms;
}

function unescapeValue(value: string): string {
  return value.replace(/\\([\s\S]?)|[,=]/g, (found, escaped: string | undefined) => {
    if (escaped === undefined)
      throw badRequest(`invalid field selector: unescaped character in value: ${found.codePointAt(0)}`);
    if (!/^[\\,=]$/.test(escaped))
      throw badRequest(`invalid field selector: invalid escape sequence: ${found}`);
    return escaped;
  });
}

type ReadField = (event: Event) => string;

const OBJECT_FIELDS = [
  'kind',
  'namespace',
  'name',
  'uid',
  'apiVersion',
  'resourceVersion',
  'fieldPath',
] as const;

/** What both forms can be selected by. */
const COMMON: readonly (readonly [string, ReadField])[] = [
  ['metadata.name', ({ name }) => name],
  ['metadata.namespace', ({ namespace }) => namespace],
  ['reason', ({ reason }) => reason],
  ['type', ({ type }) => type],
];

function objectFields(prefix: string): [string, ReadField][] {
  return OBJECT_FIELDS.map((field) => [`${prefix}.${field}`, ({ involvedObject }) => involvedObject[field]]);
}

/** (Kubernetes `pkg/apis/core/v1` AddFieldLabelConversionsForEvent; `pkg/registry/core/event` ToSelectableFields.) */
export const CORE_FIELDS: ReadonlyMap<string, ReadField> = new Map([
  ...COMMON,
  ...objectFields('involvedObject'),
  ['reportingComponent', ({ reportingController }: Event) => reportingController],
  ['source', ({ source, reportingController }: Event) => source.component || reportingController],
]);

/** (Kubernetes `pkg/apis/events/v1` AddFieldLabelConversionsForEvent.) */
export const EVENTS_FIELDS: ReadonlyMap<string, ReadField> = new Map([
  ...COMMON,
  ...objectFields('regarding'),
  ['reportingController', ({ reportingController }: Event) => reportingController],
]);

/**
 * Whether an object is selected.
 *
 * @throws StatusError 400 for a field that cannot be selected by
 */
export function selectByFields<T>(
  terms: readonly FieldTerm[],
  fields: ReadonlyMap<string, (object: T) => string>,
): (object: T) => boolean {
  const tests = terms.map(({ field, equals, value }) => {
    const read = fields.get(field);
    if (read === undefined) throw badRequest(`field label not supported: ${field}`);
    return (object: T) => (read(object) === value) === equals;
  });
  return (object) => tests.every((test) => test(object));
}

/** The part of a field selector that a question for Events can say; it may let others through. */
export function narrowByFields(terms: readonly FieldTerm[]): EventQuery {
  const findValue = (...names: string[]) =>
    terms.find(({ field, equals, value }) => equals && value !== '' && names.includes(field))?.value;
  const [type, reason] = [findValue('type'), findValue('reason')];
  const namespace = findValue('metadata.namespace');
  const kind = findValue('involvedObject.kind', 'regarding.kind');
  const name = findValue('involvedObject.name', 'regarding.name');
  return {
    ...(type !== undefined && { types: [type] }),
    ...(reason !== undefined && { reasons: [reason] }),
    ...(namespace !== undefined && { namespaces: [namespace] }),
    ...((kind ?? name) !== undefined && { for: [{ kind: kind ?? '', name: name ?? '' }] }),
  };
}
