import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../src/lib/time.ts';
import { FIRST_VIEW, type View } from '../view/view.ts';
import { viewCommand } from './view-command.ts';

test('viewCommand asks for what the view shows', () => {
  const view: View = {
    ...FIRST_VIEW,
    filters: { ...FIRST_VIEW.filters, namespace: ['shop'], type: ['Warning'], reason: ['BackOff'] },
    span: { kind: 'last', length: 2 * HOUR },
  };
  assert.equal(viewCommand(view), 'hark events -n shop --type Warning --reason BackOff --since 120m');
  assert.equal(viewCommand({ ...FIRST_VIEW, page: 'stories' }), 'hark story -A');
});

test('viewCommand quotes what a shell would read otherwise', () => {
  assert.equal(viewCommand({ ...FIRST_VIEW, text: "it's $(rm)" }), "hark events -A --grep 'it'\\''s $(rm)'");
});
