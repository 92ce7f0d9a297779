import { randomUUID } from 'node:crypto';

/** Which Events a walk through a long list gave: a repeat moves an Event to where it would be given again. */
export interface ListWalk {
  readonly id: string;
  /** Where the record stood when the walk began. */
  readonly place: number;
  /** How many were given. */
  readonly size: number;
  has(id: string): boolean;
  add(id: string): void;
}

/** All walks under way. They are bounded: of those not gone on with for longest it is forgotten what they gave. */
export interface ListWalks {
  begin(place: number): ListWalk;
  /** Undefined when it is forgotten. */
  find(id: string): ListWalk | undefined;
}

/** All walks together. */
const MOST_WALKS = 1_000;
const MOST_GIVEN = 2_000_000;

export function createListWalks(mostGiven: number = MOST_GIVEN): ListWalks {
  const walks = new Map<string, { readonly walk: ListWalk; readonly given: Set<string> }>();
  let remembered = 0;

  function forgetOldest(): void {
    for (const [id, { given }] of walks) {
      if (walks.size <= MOST_WALKS && remembered <= mostGiven) return;
      walks.delete(id);
      remembered -= given.size;
    }
  }

  return {
    begin(place) {
      const id = randomUUID();
      const given = new Set<string>();
      const walk: ListWalk = {
        id,
        place,
        get size() {
          return given.size;
        },
        has: (one) => given.has(one),
        add(one) {
          if (given.has(one)) return;
          given.add(one);
          if (walks.get(id)?.given === given) remembered += 1;
          forgetOldest();
        },
      };
      walks.set(id, { walk, given });
      forgetOldest();
      return walk;
    },
    find(id) {
      const found = walks.get(id);
      if (found === undefined) return undefined;
      walks.delete(id);
      walks.set(id, found);
      return found.walk;
    },
  };
}
