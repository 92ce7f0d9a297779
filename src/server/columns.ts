/** A list of numbers that grows, held as compactly as its array type. */
export interface Column {
  get(index: number): number;
  set(index: number, value: number): void;
  /** The numbers themselves, for loops; some of the end is unused. Valid until the next `set`. */
  values(): ArrayLike<number>;
}

export function createColumn(make: (length: number) => Float64Array | Uint32Array | Int32Array): Column {
  let values = make(1024);
  return {
    get: (index) => values[index] ?? 0,
    set(index, value) {
      if (index >= values.length) {
        const larger = make(Math.max(values.length * 2, index + 1));
        larger.set(values);
        values = larger;
      }
      values[index] = value;
    },
    values: () => values,
  };
}

/** Gives each different text a number, from 0 on. */
export interface Dictionary<T> {
  /** The number of a key; `make` says what it stands for when it is new. */
  number(key: string, make: () => T): number;
  find(key: string): number | undefined;
  get(number: number): T;
  readonly items: readonly T[];
}

export function createDictionary<T>(): Dictionary<T> {
  const numbers = new Map<string, number>();
  const items: T[] = [];
  return {
    items,
    number(key, make) {
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, items.length);
      items.push(make());
      return items.length - 1;
    },
    find: (key) => numbers.get(key),
    get(number) {
      const item = items[number];
      if (item === undefined) throw new RangeError(`no item ${number}`);
      return item;
    },
  };
}
