import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SECOND } from '../../../src/lib/time.ts';
import { parseMoment } from '../view/moment.ts';
import { FIRST_VIEW } from '../view/view.ts';
import { chooseRef, chosenId } from './choose-ref.ts';
import { makeRow } from './make-row.test-helper.ts';

const MANY = { kind: 'many', row: 'row', from: 10 * SECOND, to: 10 * SECOND + 10, count: 3 } as const;

test('chooseRef tells of the step that was clicked, and the drawing knows it again', () => {
  const view = chooseRef(FIRST_VIEW, { kind: 'step', story: 's', id: 'step-1' }, makeRow({}), 'open');
  assert.deepEqual(view.choice, { kind: 'story', id: 's', step: 'step-1' });
  assert.equal(chosenId(view), 'step-1');
});

test('chooseRef unfolds a folded row when many things in it were clicked', () => {
  const view = chooseRef(FIRST_VIEW, MANY, makeRow({ id: 'deploy', hasChildren: true }), 'closed');
  assert.deepEqual([view.fold, view.toggled, view.choice], ['closed', ['deploy'], undefined]);
});

test('chooseRef tells of the moment of the object, a second around what was clicked at least', () => {
  const { choice } = chooseRef(FIRST_VIEW, MANY, makeRow({}), 'open');
  assert.equal(choice?.kind, 'moment');
  const moment = parseMoment(choice?.id ?? '');
  assert.deepEqual([moment?.kind, moment?.namespace, moment?.name], ['Pod', 'shop', 'web-1']);
  assert.ok(moment !== undefined && moment.from <= MANY.from && moment.to >= MANY.to);
  assert.ok(moment.to - moment.from >= SECOND);
});
