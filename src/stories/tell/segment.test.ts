import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRecord } from '../../../test/read-record.ts';
import { identify } from '../../events/identity.ts';
import { type Atom, atomsOfEvent, compareAtoms } from './atom.ts';
import type { Episode } from './episode.ts';
import { segmentOrdinals } from './segment-ordinals.ts';
import { segmentScaling } from './segment-scaling.ts';

const NO_BOUNDARY = () => false;

function claimsOf(scenario: string, kind: string, name: string): Atom[] {
  return readRecord(`${scenario}/events-core-v1.jsonl`)
    .filter(({ event }) => event.involvedObject.kind === kind && event.involvedObject.name === name)
    .flatMap((record) =>
      atomsOfEvent(record, identify(record.event), { ...record.event.involvedObject, cluster: '' }),
    )
    .filter((atom) => atom.claim !== undefined)
    .sort(compareAtoms);
}

function tell(episode: Episode): string {
  return [
    episode.kind,
    ...episode.atoms.map(
      ({ claim }) =>
        `${claim?.up === true ? '+' : claim?.does === 'scales' ? '-' : claim?.does === 'creates' ? '+' : '-'}${claim?.name.split('-').at(-1)}${claim?.to === undefined ? '' : `=${claim.to}`}`,
    ),
  ].join(' ');
}

test('segmentScaling tells rollouts, an undo and scalings apart when only Events are known', () => {
  assert.deepEqual(
    segmentScaling(claimsOf('v1.36/j-rollout-undo', 'Deployment', 'podinfo'), NO_BOUNDARY).map(tell),
    [
      'rollout +57f897f5f8=3',
      'rollout +64d688f5d9=1 -57f897f5f8=2 +64d688f5d9=2 -57f897f5f8=1 +64d688f5d9=3 -57f897f5f8=0',
      'rollout +54855f855b=1',
      'rollout -54855f855b=0',
      'scaling +64d688f5d9=6',
      'scaling -64d688f5d9=1',
      'rollout +7c6c7df467=1 -64d688f5d9=0',
      'scaling -7c6c7df467=0',
      'scaling +7c6c7df467=2',
    ],
  );
});

test('segmentScaling says the same of both versions when the same was done', () => {
  for (const scenario of ['a-healthy-rollout', 'b-bad-image', 'j-rollout-undo']) {
    const [old, young] = ['v1.20', 'v1.36'].map((version) =>
      segmentScaling(claimsOf(`${version}/${scenario}`, 'Deployment', 'podinfo'), NO_BOUNDARY).map(
        (episode) => `${episode.kind} ${episode.atoms.length}`,
      ),
    );
    assert.deepEqual(old, young, scenario);
  }
});

test('segmentScaling keeps the removal of a bad ReplicaSet with the rollout that mends it', () => {
  const episodes = segmentScaling(claimsOf('v1.20/b-bad-image', 'Deployment', 'podinfo'), NO_BOUNDARY).map(
    tell,
  );
  assert.equal(episodes.length, 3);
  assert.equal(episodes[2], 'rollout -754fbcdfcd=0 +b86848ff=1 -857cd4c798=1 +b86848ff=2 -857cd4c798=0');
});

test('segmentScaling parts what a change of the template parts', () => {
  const atoms = claimsOf('v1.36/a-healthy-rollout', 'Deployment', 'podinfo');
  const boundary = (_before: Atom, atom: Atom) => atom === atoms[3];
  assert.deepEqual(
    segmentScaling(atoms, boundary).map((episode) => episode.atoms.length),
    [1, 2, 2],
  );
});

test('segmentOrdinals tells a rolling update from shrinking and growing', () => {
  for (const version of ['v1.20', 'v1.36']) {
    const episodes = segmentOrdinals(
      claimsOf(`${version}/h-statefulset`, 'StatefulSet', 'web'),
      NO_BOUNDARY,
    ).map(tell);
    assert.equal(episodes[0], 'scaling +0 +1 +2');
    assert.equal(episodes[1], 'rollout -2 +2 -1 +1 -0 +0');
    assert.match(episodes[2] ?? '', /^scaling( -2)+ -1$/);
    assert.equal(episodes[3], 'scaling +1 +2');
    assert.equal(episodes.length, 4);
  }
});
