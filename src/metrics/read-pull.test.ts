import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPull } from './read-pull.ts';

test('readPull reads the image and the length as kubelets of several versions tell them', () => {
  const cases: readonly (readonly [string, ReturnType<typeof readPull>])[] = [
    // Kubernetes 1.20, recorded.
    [
      'Successfully pulled image "ghcr.io/stefanprodan/podinfo:6.0.1" in 145.944061ms',
      { image: 'ghcr.io/stefanprodan/podinfo', took: 145_944 },
    ],
    // 1.36, recorded: without the wait for other pulls.
    [
      'Successfully pulled image "busybox:1.35.0" in 47ms (129ms including waiting). Image size: 1029124 bytes.',
      { image: 'busybox', took: 47_000 },
    ],
    ['Successfully pulled image "nginx" in 1m2.5s', { image: 'nginx', took: 62_500_000 }],
    ['Successfully pulled image "nginx" in 12.5µs', { image: 'nginx', took: 12 }],
    ['Successfully pulled image "nginx" in 0s', { image: 'nginx', took: 0 }],
    // Before 1.20 the length is not told.
    ['Successfully pulled image "localhost:5000/a/b:v1"', { image: 'localhost:5000/a/b', took: undefined }],
    [
      'Successfully pulled image "localhost:5000/a@sha256:0123abcd" in 2s',
      { image: 'localhost:5000/a', took: 2_000_000 },
    ],
    ['Successfully pulled image "a/b:v1@sha256:0123abcd" in 2s', { image: 'a/b', took: 2_000_000 }],
    ['Successfully pulled image "nginx" in 5parsecs', { image: 'nginx', took: undefined }],
    ['Container image "busybox:1.35.0" already present on machine', undefined],
    ['', undefined],
  ];
  for (const [message, expected] of cases) assert.deepEqual(readPull(message), expected, message);
});
