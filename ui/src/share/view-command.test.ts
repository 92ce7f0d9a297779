import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../src/lib/time.ts';
import { FIRST_VIEW, type View } from '../view/view.ts';
import { viewAsKubectl, viewCommand } from './view-command.ts';

test('viewCommand asks for what the view shows', () => {
  const view: View = {
    ...FIRST_VIEW,
    filters: { ...FIRST_VIEW.filters, namespace: ['shop'], type: ['Warning'], reason: ['BackOff'] },
    span: { kind: 'last', length: 2 * HOUR },
  };
  assert.equal(viewCommand(view), 'hark events -n shop --type Warning --reason BackOff --since 120m');
  assert.equal(viewCommand({ ...FIRST_VIEW, page: 'stories' }), 'hark story -A');
});

test('viewAsKubectl asks for as much as the view shows or more, where kubectl knows no such filter', () => {
  const { filters } = FIRST_VIEW;
  assert.equal(viewAsKubectl({ filters }), 'kubectl get events -A');
  const some = { ...filters, namespace: ['shop'], kind: ['Pod'], type: ['Warning'], reason: ['BackOff'] };
  assert.equal(
    viewAsKubectl({ filters: some }),
    'kubectl get events -n shop --field-selector involvedObject.kind=Pod,type=Warning,reason=BackOff',
  );
  const more = { ...filters, namespace: ['shop', 'payments'], type: ['Warning'], reason: ['a', 'b'] };
  assert.equal(viewAsKubectl({ filters: more }), 'kubectl get events -A --field-selector type=Warning');
  const odd = { ...filters, reason: ['a,b'], type: ['$(rm)'] };
  assert.equal(viewAsKubectl({ filters: odd }), "kubectl get events -A --field-selector 'type=$(rm)'");
});

test('viewCommand quotes what a shell would read otherwise', () => {
  assert.equal(viewCommand({ ...FIRST_VIEW, text: "it's $(rm)" }), "hark events -A --grep 'it'\\''s $(rm)'");
});
