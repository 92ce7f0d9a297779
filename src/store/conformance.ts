import { describe } from 'node:test';
import type { Sighting } from '../events/sighting.ts';
import type { LastState } from '../objects/last-state.ts';
import { coverageSuite } from './conformance/coverage-suite.ts';
import { followSuite } from './conformance/follow-suite.ts';
import { lastStatesSuite } from './conformance/last-states-suite.ts';
import { objectsSuite, type RecordedStates } from './conformance/objects-suite.ts';
import { queriesSuite } from './conformance/queries-suite.ts';
import { recordSuite } from './conformance/record-suite.ts';
import { retentionSuite } from './conformance/retention-suite.ts';
import type { Create } from './conformance/under-test.ts';

export { expectRecords, type StoreUnderTest } from './conformance/under-test.ts';

/**
 * Declares the tests that every implementation of `Store` passes.
 *
 * @param create makes an empty store
 * @param recorded what was heard of a real cluster: some hundred sightings, with repeats, deletions, several namespaces
 * @param states what was seen of its objects: some thousand changes
 * @param lastStates what some of its objects were when they were gone
 */
export function storeConformance(
  name: string,
  create: Create,
  recorded: readonly Sighting[],
  states: RecordedStates,
  lastStates: readonly LastState[],
): void {
  describe(`${name} as a Store`, () => {
    recordSuite(create, recorded);
    queriesSuite(create, recorded);
    coverageSuite(create, recorded);
    followSuite(create, recorded);
    retentionSuite(create, recorded);
    objectsSuite(create, states);
    lastStatesSuite(create, lastStates);
  });
}
