import { at, isRaw, listAt, type RawObject, textAt } from './raw-object.ts';

/**
 * A selector as kubectl writes it: `app=web,tier in (back,front),!canary`, its requirements in order; empty when it selects all. Undefined
 * when it is none, or asks for something that is not known: then it is not said to select anything.
 *
 * @param selector a `LabelSelector`: `matchLabels` and `matchExpressions`
 */
export function formatSelector(selector: unknown): string | undefined {
  if (!isRaw(selector)) return undefined;
  const expressions = listAt(selector, 'matchExpressions').map(formatExpression);
  if (expressions.includes(undefined)) return undefined;
  return [...pairsOf(at(selector, 'matchLabels')), ...expressions].sort().join(',');
}

/** The labels of a Service's selector; undefined when it has none, for then it selects no Pods. */
export function formatLabels(labels: unknown): string | undefined {
  const pairs = pairsOf(labels);
  return pairs.length === 0 ? undefined : pairs.sort().join(',');
}

/** Whether labels fit a selector that `formatSelector` or `formatLabels` wrote. */
export function fitsSelector(selector: string, labels: Readonly<Record<string, string>>): boolean {
  // Values in brackets are parted by commas, too.
  const requirements = selector === '' ? [] : selector.split(/,(?![^(]*\))/);
  return requirements.every((requirement) => fits(requirement, labels));
}

function pairsOf(labels: unknown): string[] {
  if (!isRaw(labels)) return [];
  return Object.entries(labels).flatMap(([key, value]) =>
    typeof value === 'string' ? [`${key}=${value}`] : [],
  );
}

function formatExpression(expression: RawObject): string | undefined {
  const key = textAt(expression, 'key');
  const given = at(expression, 'values');
  const values = Array.isArray(given) ? given.map(String).sort().join(',') : '';
  switch (textAt(expression, 'operator')) {
    case 'In':
      return `${key} in (${values})`;
    case 'NotIn':
      return `${key} notin (${values})`;
    case 'Exists':
      return key;
    case 'DoesNotExist':
      return `!${key}`;
    default:
      return undefined;
  }
}

function fits(requirement: string, labels: Readonly<Record<string, string>>): boolean {
  const [, key = '', operator = '', values = ''] = /^(\S+) (in|notin) \((.*)\)$/.exec(requirement) ?? [];
  if (operator !== '') {
    const label = labels[key];
    return (label !== undefined && values.split(',').includes(label)) === (operator === 'in');
  }
  if (requirement.startsWith('!')) return labels[requirement.slice(1)] === undefined;
  const cut = requirement.indexOf('=');
  if (cut < 0) return labels[requirement] !== undefined;
  return labels[requirement.slice(0, cut)] === requirement.slice(cut + 1);
}
