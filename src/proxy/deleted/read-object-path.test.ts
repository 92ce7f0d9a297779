import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readObjectPath } from './read-object-path.ts';

test('readObjectPath reads one object of a built-in kind, in whatever version it is asked for', () => {
  const cases = [
    ['/api/v1/namespaces/shop/pods/web-0', 'Pod v1 shop web-0'],
    ['/apis/apps/v1/namespaces/shop/deployments/web', 'Deployment apps/v1 shop web'],
    ['/apis/batch/v1beta1/namespaces/shop/cronjobs/night/', 'CronJob batch/v1beta1 shop night'],
    ['/api/v1/nodes/node-1', 'Node v1  node-1'],
    ['/api/v1/namespaces/shop', 'Namespace v1  shop'],
  ] as const;
  for (const [path, wanted] of cases) {
    const found = readObjectPath(path);
    const { kind, apiVersion, namespace, name } = found ?? {
      kind: '',
      apiVersion: '',
      namespace: '',
      name: '',
    };
    assert.equal(`${kind} ${apiVersion} ${namespace} ${name}`, wanted);
  }
});

test('readObjectPath reads no lists, no parts of objects, no kinds of others, no Pod outside of a namespace', () => {
  for (const path of [
    '/api/v1/namespaces/shop/pods',
    '/api/v1/namespaces/shop/pods/web-0/log',
    '/api/v1/namespaces/shop/pods/web-0/proxy/a/b',
    '/api/v1/namespaces/shop/finalize/x',
    '/api/v1/pods/web-0',
    '/api/v1/namespaces/shop/nodes/node-1',
    '/apis/example.com/v1/namespaces/shop/pods/web-0',
    '/apis/apps/v1/namespaces/shop/deployments/web/scale',
    '/version',
    '/',
  ])
    assert.equal(readObjectPath(path), undefined, path);
});
