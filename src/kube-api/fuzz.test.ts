import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from '../../test/fast-check.ts';
import { openApi } from '../../test/kube-api/open-api.ts';
import { readSightings } from '../../test/store/batches.ts';

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl').slice(0, 30);

/** Pieces that requests are made of, put together as nobody would. */
const piece = fc.oneof(
  fc.constantFrom(
    ...'api apis v1 events.k8s.io history.hark.dev events stories namespaces watch default openapi v2 v3 version'.split(
      ' ',
    ),
  ),
  fc.constantFrom('', '.', '..', '%2F', '%', '%zz', '%00', '%2e%2e', '%F0%9F', '*', 'a'.repeat(300)),
  fc.string({ maxLength: 12 }).map(encodeURIComponent),
);
const path = fc.array(piece, { maxLength: 7 }).map((parts) => `/${parts.join('/')}`);
const grammar = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'a b.c/d in notin ( ) , ! = == != > < 1 \\ type reason metadata.name involvedObject.kind'.split(
          ' ',
        ),
      ),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 10 },
  )
  .map((parts) => parts.join(''));
const value = fc.oneof(
  grammar,
  fc.constantFrom('0', '1', '-1', 'true', 'Exact', 'NotOlderThan', '18446744073709551616'),
);
const name = fc.constantFrom(
  ...'labelSelector fieldSelector limit continue resourceVersion resourceVersionMatch sendInitialEvents includeObject pretty'.split(
    ' ',
  ),
);
const query = fc
  .array(fc.tuple(name, value), { maxLength: 4 })
  .map((pairs) => new URLSearchParams(pairs).toString());
const accept = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom(
    'application/json',
    'application/yaml',
    '*/*',
    'application/json;as=Table;v=v1;g=meta.k8s.io',
  ),
  fc.string({ maxLength: 30 }),
);
const method = fc.constantFrom('GET', 'GET', 'GET', 'HEAD', 'POST', 'DELETE', 'PATCH');

test('whatever is asked is answered, with a Status when it is nothing', async () => {
  const { write, ask } = openApi({ readHistory: async () => ({ stories: [], findings: [], asOf: 0 }) });
  await write(SIGHTINGS);
  await fc.assert(
    fc.asyncProperty(path, query, accept, method, async (at, asked, types, how) => {
      const answer = await ask(`${at}?${asked}`, {
        method: how,
        ...(types !== undefined && { accept: types }),
      });
      if (answer.isWatch) return;
      const text = await answer.text();
      assert.ok(answer.status < 500 || answer.status === 504, `${answer.status} ${text}`);
      if (answer.status === 200) return;
      assert.match(text, /"kind": ?"Status"|kind: Status/);
      assert.match(text, new RegExp(`"?code"?: ?${answer.status}`));
    }),
    { numRuns: 600 },
  );
});

test('whatever a selector says, it chooses some of what there is, or is refused', async () => {
  const { write, ask } = openApi();
  await write(SIGHTINGS);
  const all = JSON.parse(await (await ask('/api/v1/events')).text()).items.length;
  await fc.assert(
    fc.asyncProperty(grammar, fc.constantFrom('labelSelector', 'fieldSelector'), async (selector, kind) => {
      const answer = await ask(`/api/v1/events?${new URLSearchParams({ [kind]: selector })}`);
      const { items, code } = JSON.parse(await answer.text());
      if (answer.status === 200) assert.ok(items.length <= all);
      else assert.deepEqual([answer.status, code], [400, 400]);
    }),
    { numRuns: 500 },
  );
});
