import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harkCommand, placeOf } from './hark-command.ts';

const PROD = { uid: 'u1', name: 'prod' };
const STAGING = { uid: 'u2', name: 'staging' };

test('placeOf names the cluster that is meant where there are several, by its uid where two have its name', () => {
  const cluster = (known: readonly (typeof PROD)[], ...meant: string[]) =>
    placeOf('http://h:1/', known, meant).cluster;
  assert.equal(cluster([PROD], 'u1'), undefined);
  assert.equal(cluster([PROD, STAGING], 'u1'), 'prod');
  assert.equal(cluster([PROD, STAGING], 'staging'), 'staging');
  assert.equal(cluster([PROD, STAGING]), undefined);
  assert.equal(cluster([PROD, STAGING], 'u1', 'u2'), undefined);
  assert.equal(cluster([PROD, { uid: 'u3', name: 'prod' }], 'u3'), 'u3');
});

test('placeOf gives the address below which the page is, without what it shows', () => {
  const server = (base: string) => placeOf(base, [], []).server;
  assert.equal(server('http://127.0.0.1:8471/?namespace=a/b#c'), 'http://127.0.0.1:8471');
  assert.equal(server('https://tools.example.com/hark/'), 'https://tools.example.com/hark');
});

test('harkCommand says where to read, and quotes what a shell would read otherwise', () => {
  const place = { server: 'http://127.0.0.1:8471', cluster: 'my cluster' };
  assert.equal(
    harkCommand(['story', 'pod/a'], place),
    "hark story pod/a --context 'my cluster' --server http://127.0.0.1:8471",
  );
});
