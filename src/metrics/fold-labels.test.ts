import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLabelFolder, MOST_SERIES, MOST_VALUES } from './fold-labels.ts';
import type { Sample } from './metric.ts';

function pull(image: string): Sample {
  return { metric: 'hark_image_pull_seconds', labels: { image }, value: 1.5 };
}

function happening(labels: Record<string, string>, value: number): Sample {
  return { metric: 'hark_events_total', labels: { type: 'Normal', ...labels }, value };
}

test('createLabelFolder keeps the names that are used most, and tells the rest as other and how much it is', () => {
  const folder = createLabelFolder();
  const most = MOST_VALUES['image'] ?? 0;
  const rare = Array.from({ length: most }, (_, index) => pull(`rare-${String(index).padStart(3, '0')}`));
  folder.admit([...rare, pull('often'), pull('often')]);
  assert.deepEqual(folder.fold(pull('often')), [pull('often')]);
  assert.deepEqual(folder.fold(pull('rare-000')), [pull('rare-000')]);
  assert.deepEqual(folder.fold(pull(`rare-${most - 1}`)), [
    pull('other'),
    {
      metric: 'hark_metrics_folded_total',
      labels: { metric: 'hark_image_pull_seconds', label: 'image' },
      value: 1,
    },
  ]);
});

test('createLabelFolder never takes a name away that it has given, however much others are used later', () => {
  const folder = createLabelFolder();
  folder.admit(Array.from({ length: MOST_VALUES['image'] ?? 0 }, (_, index) => pull(`image-${index}`)));
  folder.admit(Array.from({ length: 1_000 }, () => pull('late')));
  assert.equal(folder.fold(pull('late'))[0]?.labels['image'], 'other');
  assert.equal(folder.fold(pull('image-7'))[0]?.labels['image'], 'image-7');
});

test('createLabelFolder keeps the number of series bounded where every label is', () => {
  const folder = createLabelFolder();
  const series = new Set<string>();
  let [folded, total] = [0, 0];
  for (let reason = 0; reason < 90; reason++)
    for (let component = 0; component < 90; component++) {
      const sample = happening({ reason: `r${reason}`, kind: 'Pod', component: `c${component}` }, 3);
      folder.admit([sample], ({ value }) => value);
      for (const { metric, labels, value } of folder.fold(sample)) {
        if (metric === 'hark_events_total') total += value;
        else folded += value;
        if (metric === 'hark_events_total') series.add(JSON.stringify(labels));
      }
    }
  assert.equal(series.size, MOST_SERIES + 1);
  assert.equal(total, 90 * 90 * 3);
  assert.equal(folded, (90 * 90 - MOST_SERIES) * 3);
});
