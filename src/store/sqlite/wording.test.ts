import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../../test/fast-check.ts';
import { cutWording, fillWording, wordMessage } from './wording.ts';

const POD = {
  name: 'podinfo-84b5bccbfd-rgb42',
  namespace: 'shop',
  uid: '6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f60',
};

function show(message: string, around = POD): [string, string] {
  const { wording, fillings } = wordMessage(message, around);
  const { first, rest } = cutWording(wording);
  const shown = rest.map(({ gap, text }) => `‹${gap === 'f' ? '' : gap}›${text}`).join('');
  return [first + shown, fillings.replaceAll('\u0001', ' ')];
}

test('wordMessage puts the object, its namespace and uid, and what varies, in gaps', () => {
  assert.deepEqual(show('Successfully assigned shop/podinfo-84b5bccbfd-rgb42 to node-1'), [
    'Successfully assigned ‹s›/‹n› to ‹›',
    'node-1',
  ]);
  assert.deepEqual(
    show(
      'Back-off restarting failed container main in pod podinfo-84b5bccbfd-rgb42_shop(6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f60)',
    ),
    ['Back-off restarting failed container main in pod ‹n›_‹s›(‹u›)', ''],
  );
  assert.deepEqual(show('Created pod: podinfo-84b5bccbfd-rgb42', { ...POD, name: 'podinfo-84b5bccbfd' }), [
    'Created pod: ‹n›-‹›',
    'rgb42',
  ]);
  assert.deepEqual(
    show(
      'Successfully pulled image "busybox:1.35.0" in 1.2s (1.3s including waiting). Image size: 99 bytes.',
    ),
    [
      'Successfully pulled image "busybox:1.35.0" in ‹› (‹› including waiting). Image size: ‹› bytes.',
      '1.2s 1.3s 99',
    ],
  );
});

test('wordMessage keeps what is quoted, as images are, but for addresses, hashes and random suffixes', () => {
  const hash = '0123456789abcdef'.repeat(4);
  assert.deepEqual(show(`Pulling image "repo/app@sha256:${hash}"`), [
    `Pulling image "repo/app@sha256:${hash}"`,
    '',
  ]);
  assert.deepEqual(show(`sandbox "${hash}" failed`), ['sandbox "‹›" failed', hash]);
  assert.deepEqual(show('Get "http://10.244.0.5:8080/healthz": refused'), [
    'Get "http://‹›:8080/healthz": refused',
    '10.244.0.5',
  ]);
  assert.deepEqual(show('MountVolume.SetUp failed for volume "kube-api-access-x7k2l"'), [
    'MountVolume.SetUp failed for volume "kube-api-access-‹›"',
    'x7k2l',
  ]);
});

const piece = fc.constantFrom(
  ...[
    'web',
    '-',
    '.',
    ' ',
    '"',
    '/',
    ':',
    '_',
    '(',
    ')',
    '\u0001',
    '\u0001f',
    '7',
    '10.1.2.3',
    'x7k2l',
    'é',
    '\n',
  ],
  ...['web-0', 'shop', 'f', 'sha256:', '0123456789abcdef'.repeat(2), POD.uid],
);
const message = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
const name = fc.constantFrom('', 'web', 'web-0', 'w', '.', '-', '7', 'é', '\u0001', 'web-84b5bccbfd-rgb42');

test('fillWording gives back any message to the letter', () => {
  fc.assert(
    fc.property(message, name, name, name, (text, objectName, namespace, uid) => {
      const around = { name: objectName, namespace, uid };
      const { wording, fillings } = wordMessage(text, around);
      assert.equal(fillWording(cutWording(wording), fillings, around), text);
    }),
    { numRuns: 3_000 },
  );
});
