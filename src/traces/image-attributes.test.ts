import assert from 'node:assert/strict';
import { test } from 'node:test';
import { putImage } from './image-attributes.ts';
import type { Gathered } from './object-attributes.ts';

const POD = { cluster: '', apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web-0', uid: '' };

function readOf(object: typeof POD, message: string): Gathered {
  const into: Gathered = {};
  putImage(into, { object, message });
  return into;
}

test('putImage tells name, tag and digest apart when the kubelet speaks of an image', () => {
  const digest = 'sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945';
  const read = (message: string) => readOf(POD, message);
  assert.deepEqual(read('Pulling image "ghcr.io/stefanprodan/podinfo:6.0.0"'), {
    'container.image.name': 'ghcr.io/stefanprodan/podinfo',
    'container.image.tags': ['6.0.0'],
  });
  assert.deepEqual(read('Container image "localhost:5000/web" already present on machine'), {
    'container.image.name': 'localhost:5000/web',
  });
  assert.deepEqual(read(`Back-off pulling image "web:1@${digest}"`), {
    'container.image.name': 'web',
    'container.image.tags': ['1'],
    'container.image.repo_digests': [`web@${digest}`],
  });
});

test('putImage tells nothing when no image is spoken of, or not of a Pod', () => {
  assert.deepEqual(readOf(POD, 'Started container main'), {});
  const node = { ...POD, kind: 'Node' };
  assert.deepEqual(readOf(node, 'wanted to free image "web:1"'), {});
});
