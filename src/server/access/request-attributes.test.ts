import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KubernetesAttributes, readAttributes } from './request-attributes.ts';

function kubernetes(url: string): Partial<KubernetesAttributes> {
  const attributes = readAttributes(url, '/clusters/:cluster/*');
  assert.equal(attributes.type, 'kubernetes', url);
  const { type: _, ...rest } = attributes as KubernetesAttributes & { type: string };
  return rest;
}

const EVENTS = { cluster: 'prod', group: '', version: 'v1', resource: 'events', namespace: '', name: '' };

test('readAttributes reads a path of Kubernetes’ API as the API server does', () => {
  const cases: [url: string, expected: Partial<KubernetesAttributes>][] = [
    ['/clusters/prod/api/v1/events', { ...EVENTS, verbs: ['list'] }],
    ['/clusters/prod/api/v1/namespaces/shop/events', { ...EVENTS, namespace: 'shop', verbs: ['list'] }],
    ['/clusters/prod/api/v1/namespaces/shop/events/', { ...EVENTS, namespace: 'shop', verbs: ['list'] }],
    ['/clusters/prod/api/v1/namespaces//events', { ...EVENTS, verbs: ['list'] }],
    [
      '/clusters/prod/api/v1/namespaces/shop/events/web.1',
      { ...EVENTS, namespace: 'shop', name: 'web.1', verbs: ['get'] },
    ],
    [
      '/clusters/arn%3Aaws%2Fx/apis/events.k8s.io/v1/namespaces/sh%6Fp/events?watch=1',
      { ...EVENTS, cluster: 'arn:aws/x', group: 'events.k8s.io', namespace: 'shop', verbs: ['watch'] },
    ],
    [
      '/clusters/prod/api/v1/watch/namespaces/shop/events',
      { ...EVENTS, namespace: 'shop', verbs: ['watch'] },
    ],
    ['/clusters/prod/api/v1/namespaces', { ...EVENTS, resource: 'namespaces', verbs: ['list'] }],
    [
      '/clusters/prod/api/v1/namespaces/shop',
      { ...EVENTS, resource: 'namespaces', name: 'shop', verbs: ['get'] },
    ],
    ['/clusters/prod/apis', { ...EVENTS, version: '', resource: '', verbs: ['list'] }],
    ['/clusters/prod/api/v1', { ...EVENTS, resource: '', verbs: ['list'] }],
    ['/clusters/prod/healthz', { ...EVENTS, version: '', resource: '', verbs: ['list'] }],
    [
      '/apis/history.hark.dev/v1/namespaces/shop/stories',
      {
        ...EVENTS,
        cluster: undefined,
        group: 'history.hark.dev',
        resource: 'stories',
        namespace: 'shop',
        verbs: ['list'],
      },
    ],
    [
      '/apis/history.hark.dev/v1/watch/namespaces/shop/events',
      { ...EVENTS, cluster: undefined, group: 'history.hark.dev', namespace: 'shop', verbs: ['watch'] },
    ],
    [
      '/apis/history.hark.dev/v1/namespaces/shop/events/web.1',
      {
        ...EVENTS,
        cluster: undefined,
        group: 'history.hark.dev',
        namespace: 'shop',
        name: 'web.1',
        verbs: ['get'],
      },
    ],
  ];
  for (const [url, expected] of cases) assert.deepEqual(kubernetes(url), expected, url);
});

test('readAttributes wants all verbs that a request could mean', () => {
  const verbs = (query: string) => kubernetes(`/clusters/prod/api/v1/events?${query}`).verbs;
  assert.deepEqual(verbs('watch=true'), ['watch']);
  assert.deepEqual(verbs('watch'), ['watch']);
  assert.deepEqual(verbs('watch=false'), ['list']);
  assert.deepEqual(verbs('watch=0&watch=false'), ['list']);
  assert.deepEqual(verbs('watch=false&watch=true'), ['list', 'watch']);
  assert.deepEqual(verbs('watch=true&watch=0'), ['list', 'watch']);
});

test('readAttributes tells what is of the record from what is not', () => {
  const record = { type: 'record', verbs: ['list'], namespaces: [] };
  assert.deepEqual(readAttributes('/v1/stories', '/v1/stories'), record);
  assert.deepEqual(readAttributes('/whatever/comes', undefined), record);
  assert.deepEqual(readAttributes('/v1/new', '/v1/new'), record);
  assert.deepEqual(readAttributes('/v1/events/x', '/v1/events/:id'), { ...record, verbs: ['get'] });
  assert.deepEqual(readAttributes('/v1/live', '/v1/live'), { ...record, verbs: ['list', 'watch'] });
  assert.deepEqual(readAttributes('/v1/events?namespace=a,b&namespace=%20c&namespace=', '/v1/events'), {
    ...record,
    namespaces: ['a', 'b', 'c'],
  });
  assert.deepEqual(readAttributes('/metrics?a', '/metrics'), { type: 'path', verb: 'get', path: '/metrics' });
  assert.deepEqual(readAttributes('/openapi.json', '/openapi.json'), { type: 'description', verb: 'get' });
  assert.equal(readAttributes('/openapi/v2', '/openapi/v2').type, 'kubernetes');
});
