import { type MetricName, OTHER, type Sample } from './metric.ts';

/** The most values of each label that are told apart; what comes after them is told under `other`. */
export const MOST_VALUES: Readonly<Record<string, number>> = {
  namespace: 100,
  image: 100,
  reason: 300,
  component: 100,
  kind: 100,
  type: 3,
};
/** The most combinations of labels of one metric; what comes after them is told with `other` in place of all that is bounded. */
export const MOST_SERIES = 2_000;

/** Keeps sets of labels bounded. A value once let in stays, so that no series ever shrinks. */
export interface LabelFolder {
  /**
   * Lets in the values of these, those used most before others, as long as there is room.
   *
   * @param weigh how much a sample counts for; default: each the same
   */
  admit(samples: readonly Sample[], weigh?: (sample: Sample) => number): void;
  /** The sample as it is to be told, followed by what tells how much of it was folded. */
  fold(sample: Sample): readonly Sample[];
}

export function createLabelFolder(): LabelFolder {
  /** By metric and label. */
  const values = new Map<string, Set<string>>();
  const series = new Map<MetricName, Set<string>>();

  function admit(samples: readonly Sample[], weigh: (sample: Sample) => number = () => 1): void {
    const uses = new Map<string, Map<string, number>>();
    for (const sample of samples)
      for (const [label, value] of Object.entries(sample.labels)) {
        if (MOST_VALUES[label] === undefined) continue;
        const used = uses.get(placeOf(sample.metric, label)) ?? new Map<string, number>();
        uses.set(placeOf(sample.metric, label), used);
        used.set(value, (used.get(value) ?? 0) + weigh(sample));
      }
    for (const [place, used] of uses) {
      const known = values.get(place) ?? new Set<string>();
      values.set(place, known);
      const most = MOST_VALUES[place.slice(place.indexOf(' ') + 1)] ?? 0;
      for (const [value] of [...used].sort(([a, of], [b, than]) => than - of || (a < b ? -1 : 1))) {
        if (known.size >= most) break;
        known.add(value);
      }
    }
  }

  function fold(sample: Sample): readonly Sample[] {
    const { metric, labels } = sample;
    const folded: string[] = [];
    const told = Object.entries(labels).map(([label, value]) => {
      if (MOST_VALUES[label] === undefined || values.get(placeOf(metric, label))?.has(value) === true)
        return [label, value] as const;
      folded.push(label);
      return [label, OTHER] as const;
    });
    const key = JSON.stringify(told);
    const known = series.get(metric) ?? new Set<string>();
    series.set(metric, known);
    const isOneTooMany = !known.has(key) && known.size >= MOST_SERIES;
    if (!isOneTooMany) known.add(key);
    const kept = isOneTooMany ? told.map(([label, value]) => [label, boundedOf(label, value)]) : told;
    const causes = isOneTooMany ? ['all'] : folded;
    return [
      { ...sample, labels: Object.fromEntries(kept) },
      ...causes.map((label) => tellFolded(metric, label, sample)),
    ];
  }

  return { admit, fold };
}

function tellFolded(metric: MetricName, label: string, { value }: Sample): Sample {
  const count = metric === 'hark_events_total' ? value : 1;
  return { metric: 'hark_metrics_folded_total', labels: { metric, label }, value: count };
}

function boundedOf(label: string, value: string): string {
  return MOST_VALUES[label] === undefined || label === 'type' ? value : OTHER;
}

function placeOf(metric: MetricName, label: string): string {
  return `${metric} ${label}`;
}
