import { SECOND } from '../../../src/lib/time.ts';
import { formatMoment } from '../view/moment.ts';
import { toggleRow, type View } from '../view/view.ts';
import type { MarkRef, TimelineRow } from './timeline-data.ts';

/** The id of what the panel tells of, as the drawn things have it. */
export function chosenId({ choice }: View): string | undefined {
  return choice?.kind === 'story' && choice.step !== '' ? choice.step : choice?.id;
}

/** The view after a click on something: it is told of; many things in a folded row are unfolded. */
export function chooseRef(
  view: View,
  ref: MarkRef,
  row: TimelineRow | undefined,
  fold: 'open' | 'closed',
): View {
  if (ref.kind === 'story') return { ...view, choice: { kind: 'story', id: ref.id, step: '' } };
  if (ref.kind === 'step') return { ...view, choice: { kind: 'story', id: ref.story, step: ref.id } };
  if (row === undefined) return view;
  if (row.story !== null) return { ...view, choice: { kind: 'story', id: row.story, step: '' } };
  if (row.hasChildren && !row.isOpen) return toggleRow(view, row.id, fold);
  const least = SECOND;
  const middle = (ref.from + ref.to) / 2;
  const half = Math.max(ref.to - ref.from, least) / 2;
  const id = formatMoment({ ...row.object, from: middle - half, to: middle + half });
  return { ...view, choice: { kind: 'moment', id } };
}
