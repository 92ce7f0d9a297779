import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitsSelector, formatLabels, formatSelector } from './label-selector.ts';

const WEB = { app: 'web', tier: 'front' };

test('formatSelector writes labels and expressions as kubectl does, in one order', () => {
  const selector = {
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['front', 'back'] },
      { key: 'canary', operator: 'DoesNotExist' },
      { key: 'zone', operator: 'NotIn', values: ['b'] },
      { key: 'team', operator: 'Exists' },
    ],
    matchLabels: { app: 'web' },
  };
  assert.equal(formatSelector(selector), '!canary,app=web,team,tier in (back,front),zone notin (b)');
});

test('formatSelector selects all when it asks for nothing, and nothing when it is none or asks for what is not known', () => {
  assert.equal(formatSelector({}), '');
  assert.equal(formatSelector(undefined), undefined);
  assert.equal(formatSelector({ matchExpressions: [{ key: 'a', operator: 'Near', values: [] }] }), undefined);
});

test('formatLabels writes the selector of a Service, which selects nothing when it has none', () => {
  assert.equal(formatLabels(WEB), 'app=web,tier=front');
  assert.equal(formatLabels({}), undefined);
  assert.equal(formatLabels(undefined), undefined);
});

test('fitsSelector asks for all of the requirements', () => {
  for (const selector of ['', 'app=web', 'app=web,tier in (back,front)', '!canary,tier', 'zone notin (a,b)'])
    assert.ok(fitsSelector(selector, WEB), selector);
  for (const selector of [
    'app=api',
    'app=web,tier in (back)',
    '!tier',
    'zone',
    'tier notin (front,back)',
    'zone in (a,b)',
  ])
    assert.ok(!fitsSelector(selector, WEB), selector);
});
