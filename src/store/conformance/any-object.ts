import fc from '../../../test/fast-check.ts';
import { SECOND } from '../../lib/time.ts';
import type { Change, FieldChange } from '../../objects/change.ts';
import type { KubernetesObject, ObjectId, ObjectUse, OwnerReference } from '../../objects/object.ts';
import { CLUSTER } from './under-test.ts';

/** As `JSON.parse` makes them. */
const PLAIN = { noNullPrototype: true };

const word = fc.constantFrom(
  '',
  'web',
  'web-0',
  'web-84b5bccbfd-rgb42',
  'é\u0301 日本語',
  '\u0001n',
  'a=b',
  'image "web:1" of 10.0.0.1',
);
const name = fc.constantFrom('web', 'web-0', 'web-84b5bccbfd-rgb42', 'x');
const uid = fc.constantFrom('', 'u', '6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f60');
const second = fc.integer({ min: 1_700_000_000, max: 1_700_000_300 }).map((seconds) => seconds * SECOND);
const time = fc.oneof(
  second,
  second.map((at) => at + 123_456),
  fc.constantFrom(0, -1),
);
const maybeTime = fc.option(time, { nil: undefined });
const apiVersion = fc.constantFrom('', 'v1', 'apps/v1');
const kind = fc.constantFrom('Pod', 'Node', 'Deployment');

/** A uid is of one object only; nobody can tell those apart that have none. */
const id: fc.Arbitrary<ObjectId> = fc
  .record(
    { apiVersion, kind, namespace: fc.constantFrom('', 'shop'), name, uid: fc.constantFrom('', 'u', 'uuid') },
    PLAIN,
  )
  .map(({ apiVersion, kind, namespace: space, name, uid: form }) => {
    const namespace = kind === 'Node' ? '' : space;
    const text = `${kind}/${namespace}/${name}`;
    const number = [kind, namespace, name].map((part) => part.length.toString(16).padStart(4, '0')).join('');
    const uuid = `6f1b9d3e-0c1f-4f6e-9d3a-${number}`;
    const uid = form === 'uuid' ? uuid : form === '' ? '' : `uid of ${text}`;
    return { cluster: CLUSTER.uid, apiVersion, kind, namespace, name, uid };
  });

const owner: fc.Arbitrary<OwnerReference> = fc.record(
  { apiVersion, kind, name: word, uid, controller: fc.boolean() },
  PLAIN,
);
const use: fc.Arbitrary<ObjectUse> = fc.oneof(
  fc.record({ as: fc.constantFrom('needs' as const, 'runs-on' as const), kind, name: word }, PLAIN),
  fc.record(
    { as: fc.constant('grants' as const), kind, name: word, namespace: fc.constantFrom('', 'b') },
    PLAIN,
  ),
);
const labels = fc.dictionary(fc.constantFrom('app', 'example.com/name', 'pod'), word, {
  maxKeys: 3,
  noNullPrototype: true,
});

/** Any object that could be read from anywhere: few names, so that some are the same object. */
export const anyObject: fc.Arbitrary<KubernetesObject> = fc
  .tuple(
    id,
    fc.record(
      {
        owners: fc.array(owner, { maxLength: 2 }),
        uses: fc.array(use, { maxLength: 2 }),
        createdAt: maybeTime,
        deletedAt: maybeTime,
        seenAt: time,
        inferred: fc.boolean(),
      },
      PLAIN,
    ),
    fc.option(labels, { nil: undefined }),
  )
  .map(([identity, fields, labels]) => ({
    ...identity,
    ...fields,
    ...(labels === undefined ? {} : { labels }),
  }));

const field: fc.Arbitrary<FieldChange> = fc.record(
  { field: fc.constantFrom('image', 'replicas', 'template.spec'), container: word, from: word, to: word },
  PLAIN,
);
const version = fc.constantFrom('', '7', '007', '99999999999999999999', 'abc');
const common = { object: id, at: time, resourceVersion: version };

/** Any change that could be heard of. */
export const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ ...common, type: fc.constantFrom('deleting' as const, 'deleted' as const) }, PLAIN),
  fc.record(
    {
      ...common,
      type: fc.constantFrom('created' as const, 'spec-changed' as const),
      manager: word,
      fields: fc.array(field, { maxLength: 2 }),
    },
    PLAIN,
  ),
  fc.record(
    {
      ...common,
      type: fc.constant('container-terminated' as const),
      container: word,
      exitCode: fc.integer({ min: -1, max: 255 }),
      signal: fc.constantFrom(0, 9),
      reason: word,
      message: word,
      startedAt: maybeTime,
      restarts: fc.nat(3),
      init: fc.boolean(),
    },
    PLAIN,
  ),
  fc.record(
    {
      ...common,
      type: fc.constant('container-waiting' as const),
      container: word,
      reason: word,
      message: word,
      after: maybeTime,
    },
    PLAIN,
  ),
  fc.record(
    {
      ...common,
      type: fc.constant('condition-changed' as const),
      condition: fc.constantFrom('Ready', 'Bound'),
      from: word,
      to: word,
      reason: word,
      message: word,
    },
    PLAIN,
  ),
  fc.record(
    {
      ...common,
      type: fc.constant('content-changed' as const),
      manager: word,
      keys: fc.array(word, { maxLength: 2 }),
    },
    PLAIN,
  ),
);
