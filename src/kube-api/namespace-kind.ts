import { createHash } from 'node:crypto';
import { formatAge } from '../events/event-age.ts';
import { formatTime } from '../lib/rfc3339.ts';
import type { Column } from './event-columns.ts';
import type { KnownNamespace } from './kube-api.ts';
import type { Kind, KubeObject } from './print-object.ts';
import type { ListOptions } from './read-list-options.ts';
import { apiVersionOf, NAMESPACES } from './resources.ts';
import { parseFieldSelector, selectByFields } from './select-fields.ts';
import { parseLabelSelector } from './select-labels.ts';

const COLUMNS: readonly Column[] = [
  { name: 'Name', type: 'string', format: 'name', description: 'Its name.', priority: 0 },
  {
    name: 'Status',
    type: 'string',
    format: '',
    description: 'Always Active: the record does not know whether a namespace is there still.',
    priority: 0,
  },
  {
    name: 'Age',
    type: 'string',
    format: '',
    description: 'How long ago the first Event of it that is known happened.',
    priority: 0,
  },
];

export const NAMESPACE_KIND: Kind = {
  resource: NAMESPACES,
  columns: COLUMNS,
  empty: { spec: {}, status: {} },
};

/** A namespace of which there are Events. Its uid is made of its name: clients tell objects apart by it. */
export function printNamespace({ name, from }: KnownNamespace, cluster: string): KubeObject {
  return {
    body: {
      kind: NAMESPACES.kind,
      apiVersion: apiVersionOf(NAMESPACES),
      metadata: {
        name,
        uid: makeUid(`${cluster}/namespaces/${name}`),
        resourceVersion: '1',
        creationTimestamp: formatTime(from),
        labels: { [NAME_LABEL]: name },
      },
      spec: {},
      status: { phase: PHASE },
    },
    cells: (now) => [name, PHASE, formatAge(from, now)],
  };
}

const NAME_LABEL = 'kubernetes.io/metadata.name';
const PHASE = 'Active';

const FIELDS: ReadonlyMap<string, (namespace: KnownNamespace) => string> = new Map([
  ['metadata.name', ({ name }: KnownNamespace) => name],
  ['name', ({ name }: KnownNamespace) => name],
  ['status.phase', () => PHASE],
]);

/** @throws StatusError 400 */
export function selectNamespaces(
  name: string,
  { fieldSelector, labelSelector }: Pick<ListOptions, 'fieldSelector' | 'labelSelector'>,
): (namespace: KnownNamespace) => boolean {
  const isOfLabels = parseLabelSelector(labelSelector);
  const isOfFields = selectByFields(parseFieldSelector(fieldSelector), FIELDS);
  return (one) =>
    (name === '' || one.name === name) && isOfFields(one) && isOfLabels({ [NAME_LABEL]: one.name });
}

/** A uid made of a text: the same for the same. (RFC 9562, version 8.) */
export function makeUid(text: string): string {
  const digits = createHash('sha256').update(text).digest('hex');
  const parts = [digits.slice(0, 8), digits.slice(8, 12), `8${digits.slice(13, 16)}`];
  return [...parts, `8${digits.slice(17, 20)}`, digits.slice(20, 32)].join('-');
}
