import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR } from '../../../src/lib/time.ts';
import { FIRST_VIEW, type View } from '../view/view.ts';
import { viewAsKubectl, viewCommand } from './view-command.ts';

const PLACE = { server: 'http://127.0.0.1:8471', cluster: undefined };
const TAIL = ' --server http://127.0.0.1:8471';

test('viewCommand asks the same server for what the view shows', () => {
  const view: View = {
    ...FIRST_VIEW,
    filters: {
      ...FIRST_VIEW.filters,
      namespace: ['shop', 'payments'],
      type: ['Warning'],
      reason: ['BackOff'],
    },
    span: { kind: 'last', length: 2 * HOUR },
  };
  const expected = 'hark events -n shop,payments --type Warning --reason BackOff --since 2h';
  assert.equal(viewCommand(view, PLACE), `${expected}${TAIL}`);
  assert.equal(
    viewCommand({ ...FIRST_VIEW, page: 'stories' }, { ...PLACE, cluster: 'prod eu' }),
    `hark story -A --context 'prod eu'${TAIL}`,
  );
});

test('viewCommand tells the times of a record that stands still, from whose end a length counts', () => {
  const view: View = { ...FIRST_VIEW, span: { kind: 'last', length: HOUR } };
  const window = { from: 1_795_451_040_000_000, to: 1_795_454_640_000_000 };
  assert.equal(
    viewCommand(view, PLACE, window),
    `hark events -A --since 2026-11-23T16:24:00.000000Z --until 2026-11-23T17:24:00.000000Z${TAIL}`,
  );
});

test('viewCommand quotes what a shell would read otherwise', () => {
  assert.equal(
    viewCommand({ ...FIRST_VIEW, text: "it's $(rm)" }, PLACE),
    `hark events -A --text 'it'\\''s $(rm)'${TAIL}`,
  );
});

test('viewAsKubectl asks for as much as the view shows or more, where kubectl knows no such filter', () => {
  const { filters } = FIRST_VIEW;
  assert.equal(viewAsKubectl({ filters }, undefined), 'kubectl get events -A');
  const some = { ...filters, namespace: ['shop'], kind: ['Pod'], type: ['Warning'], reason: ['BackOff'] };
  assert.equal(
    viewAsKubectl({ filters: some }, 'prod'),
    'kubectl get events --context prod -n shop --field-selector involvedObject.kind=Pod,type=Warning,reason=BackOff',
  );
  const more = { ...filters, namespace: ['shop', 'payments'], type: ['Warning'], reason: ['a', 'b'] };
  assert.equal(
    viewAsKubectl({ filters: more }, undefined),
    'kubectl get events -A --field-selector type=Warning',
  );
  const odd = { ...filters, reason: ['a,b'], type: ['$(rm)'] };
  assert.equal(
    viewAsKubectl({ filters: odd }, undefined),
    "kubectl get events -A --field-selector 'type=$(rm)'",
  );
});
