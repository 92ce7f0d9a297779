interface ChoicesProps<T extends string> {
  readonly label: string;
  readonly values: readonly (readonly [value: T, text: string])[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** One of a few, all in sight. */
export function Choices<T extends string>({ label, values, value, onChoose }: ChoicesProps<T>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend can't be laid out in a line
    <div className="choices" role="group" aria-label={label}>
      {values.map(([each, text]) => (
        <button key={each} type="button" aria-pressed={each === value} onClick={() => onChoose(each)}>
          {text}
        </button>
      ))}
    </div>
  );
}
