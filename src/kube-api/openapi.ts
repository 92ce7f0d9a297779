import type { JsonObject } from '../events/print-event.ts';
import { FULL_NAMES, type ObjectSchema, SCHEMAS, type SchemaName } from './openapi-schemas.ts';
import { apiVersionOf, FINDINGS, HISTORY_EVENTS, NAMESPACES, type Resource, STORIES } from './resources.ts';

/** What `/openapi/v3` answers: where each version of each group is described. */
export function listOpenApi(served: readonly Resource[]) {
  const paths = [...new Set(served.map(pathOf))].map((path) => [
    path,
    // Clients put what the server is under before it.
    { serverRelativeURL: `/openapi/v3/${path}` },
  ]);
  return { paths: Object.fromEntries(paths) };
}

/** What `/openapi/v3/PATH` answers; undefined when there is none. */
export function describeOpenApi(served: readonly Resource[], path: string, version: string) {
  const resources = served.filter((one) => pathOf(one) === path);
  if (resources.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version },
    paths: describePaths(resources, (name) => ({
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${FULL_NAMES[name]}` } } },
    })),
    components: { schemas: describeSchemas(resources, '#/components/schemas/') },
  };
}

/** What `/openapi/v2` answers. */
export function describeSwagger(served: readonly Resource[], version: string) {
  return {
    swagger: '2.0',
    info: { title: 'Kubernetes', version },
    paths: describePaths(served, (name) => ({ schema: { $ref: `#/definitions/${FULL_NAMES[name]}` } })),
    definitions: describeSchemas(served, '#/definitions/'),
  };
}

/** `api/v1`, `apis/events.k8s.io/v1` */
function pathOf(resource: Resource): string {
  return `${resource.group === '' ? 'api' : 'apis'}/${apiVersionOf(resource)}`;
}

function schemaOf(resource: Resource): { readonly one: SchemaName; readonly list: SchemaName } {
  if (resource === NAMESPACES) return { one: 'Namespace', list: 'NamespaceList' };
  if (resource === STORIES) return { one: 'Story', list: 'StoryList' };
  if (resource === FINDINGS) return { one: 'Finding', list: 'FindingList' };
  if (resource === HISTORY_EVENTS) return { one: 'HistoryEvent', list: 'HistoryEventList' };
  return resource.form === 'v1'
    ? { one: 'Event', list: 'EventList' }
    : { one: 'EventsEvent', list: 'EventsEventList' };
}

type Answer = (schema: SchemaName) => JsonObject;

function describePaths(resources: readonly Resource[], answer: Answer): JsonObject {
  const paths: JsonObject = {};
  for (const resource of resources) {
    const { group, version, kind, namespaced } = resource;
    const { one, list } = schemaOf(resource);
    const path = `/${pathOf(resource)}`;
    const within = namespaced ? `${path}/namespaces/{namespace}` : path;
    const get = (action: string, schema: SchemaName) => ({
      get: {
        description: `${action} ${resource.resource}`,
        responses: { 200: { description: 'OK', ...answer(schema) } },
        'x-kubernetes-action': action,
        'x-kubernetes-group-version-kind': { group, version, kind },
      },
    });
    paths[`${path}/${resource.resource}`] = get('list', list);
    paths[`${within}/${resource.resource}`] = get('list', list);
    paths[`${within}/${resource.resource}/{name}`] = get('get', one);
  }
  return paths;
}

function describeSchemas(resources: readonly Resource[], prefix: string): JsonObject {
  const schemas: JsonObject = {};
  const add = (name: SchemaName, kind?: Resource) => {
    if (schemas[FULL_NAMES[name]] !== undefined) return;
    schemas[FULL_NAMES[name]] = describeSchema(name, prefix, kind);
    for (const field of SCHEMAS[name].fields) {
      const [, type = ''] = field.split(' ');
      const referred = type.replace('[]', '');
      if (isSchema(referred)) add(referred);
    }
  };
  for (const resource of resources) {
    const { one, list } = schemaOf(resource);
    add(one, resource);
    add(list, { ...resource, kind: `${resource.kind}List` });
  }
  return schemas;
}

function isSchema(name: string): name is SchemaName {
  return Object.hasOwn(SCHEMAS, name);
}

function describeSchema(name: SchemaName, prefix: string, resource: Resource | undefined): JsonObject {
  const { description, fields }: ObjectSchema = SCHEMAS[name];
  const properties = fields.map((field) => {
    const [, property = '', type = '', text = ''] = /^(\S+) (\S+) (.*)$/.exec(field) ?? [];
    return [property, { description: text, ...describeType(type, prefix) }];
  });
  return {
    description,
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(resource !== undefined && {
      'x-kubernetes-group-version-kind': [
        { group: resource.group, version: resource.version, kind: resource.kind },
      ],
    }),
  };
}

function describeType(type: string, prefix: string): JsonObject {
  if (type.startsWith('[]')) return { type: 'array', items: describeType(type.slice(2), prefix) };
  if (type === 'array') return { type, items: { type: 'object' } };
  if (type === 'time') return { type: 'string', format: 'date-time' };
  if (type === 'map') return { type: 'object', additionalProperties: { type: 'string' } };
  if (type === 'integer') return { type, format: 'int64' };
  if (!isSchema(type)) return { type };
  const $ref = `${prefix}${FULL_NAMES[type]}`;
  // Version 3 lets nothing stand beside a reference.
  return prefix.startsWith('#/components') ? { allOf: [{ $ref }], default: {} } : { $ref };
}
