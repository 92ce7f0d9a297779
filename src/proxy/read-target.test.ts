import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHost, readTarget } from './read-target.ts';

const HOST = 'localhost:8001';

test('readTarget hands on path and query as they came, and reads the host without its port', () => {
  assert.deepEqual(readTarget('/api/v1/namespaces/a%20b/pods/?watch=1&x=%2F', HOST, '/'), {
    rawPath: '/api/v1/namespaces/a%20b/pods/',
    path: '/api/v1/namespaces/a b/pods/',
    readings: ['/api/v1/namespaces/a b/pods/'],
    search: '?watch=1&x=%2F',
    host: 'localhost',
  });
});

test('readTarget takes a whole URL for the path and the host it names', () => {
  const target = readTarget('http://[::1]:8001/version?a', 'else.example', '/');
  assert.deepEqual(target, {
    rawPath: '/version',
    path: '/version',
    readings: ['/version'],
    search: '?a',
    host: '[::1]',
  });
});

test('readTarget sends who asks for an untidy path to the tidy one', () => {
  const cases = [
    ['//api/v1/pods', '/api/v1/pods'],
    ['/a/./b/../c?q=//', '/a/c?q=//'],
    ['/../../x/', '/x/'],
    ['/a//', '/a/'],
    ['', undefined],
    ['/', undefined],
    ['/a/b/', undefined],
  ] as const;
  for (const [url, unclean] of cases) {
    const target = readTarget(url, HOST, '/');
    assert.deepEqual(typeof target === 'object' && 'unclean' in target ? target.unclean : undefined, unclean);
  }
});

test('readTarget gives every reading of dots and slashes that are written as escapes', () => {
  const target = readTarget('/api/%2e%2e/api/v1%2Fpods', HOST, '/');
  assert.deepEqual(typeof target === 'object' && 'readings' in target && target.readings, [
    '/api/../api/v1/pods',
    '/api/v1/pods',
  ]);
  assert.equal(readTarget('/api/%zz', HOST, '/'), 'broken');
});

test('readTarget takes a prefix away that does not begin with /api, and knows nothing outside of it', () => {
  const rawPath = (url: string, prefix: string) => {
    const target = readTarget(url, HOST, prefix);
    return typeof target === 'object' && 'rawPath' in target ? target.rawPath : target;
  };
  assert.equal(rawPath('/custom/api/v1', '/custom/'), '/api/v1');
  assert.equal(rawPath('/custom/', '/custom/'), '/');
  assert.equal(rawPath('/api/v1', '/custom/'), 'outside');
  assert.equal(rawPath('/api/v1', '/api/'), '/api/v1');
  assert.equal(rawPath('/apis/apps', '/api/'), 'outside');
});

test('readHost reads names, addresses and IPv6 in brackets', () => {
  for (const [text, host] of [
    ['localhost', 'localhost'],
    ['127.0.0.1:8001', '127.0.0.1'],
    ['[::1]:8001', '[::1]'],
    ['[::1]', '[::1]'],
    ['::1', '::1'],
    ['', ''],
  ] as const)
    assert.equal(readHost(text), host);
});
