import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asForeigner, digestIdentity, type Identity } from './identity.ts';

const ALICE: Identity = {
  username: 'alice',
  uid: 'u-1',
  groups: ['people', 'system:masters', 'system:authenticated', 'system:serviceaccounts'],
  extra: { scopes: ['a'] },
  by: 'certificate',
};

test('asForeigner takes from a person what their own cluster gave them, and lets its own nobody be', () => {
  assert.deepEqual(asForeigner(ALICE), { ...ALICE, uid: '', groups: ['people', 'system:authenticated'] });
  for (const username of [
    'system:serviceaccount:kube-system:admin',
    'system:node:a',
    'system:kube-scheduler',
  ])
    assert.equal(asForeigner({ ...ALICE, username }), undefined);
});

test('digestIdentity tells apart whoever an authorizer may tell apart', () => {
  const all = [
    ALICE,
    { ...ALICE, username: 'alicf' },
    { ...ALICE, uid: '' },
    { ...ALICE, groups: ['people'] },
    { ...ALICE, groups: ['people,system:masters', 'system:authenticated', 'system:serviceaccounts'] },
    { ...ALICE, extra: {} },
  ];
  assert.equal(new Set(all.map(digestIdentity)).size, all.length);
  assert.equal(digestIdentity({ ...ALICE, groups: ALICE.groups.toReversed() }), digestIdentity(ALICE));
});
