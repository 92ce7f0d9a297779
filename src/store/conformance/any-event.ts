import fc from '../../../test/fast-check.ts';
import type { Event, ObjectReference } from '../../events/event.ts';
import { SECOND } from '../../lib/time.ts';

/** Texts as they come and as they should not: names, numbers, addresses, control characters, other scripts. */
const word = fc.constantFrom(
  '',
  'web',
  'web-0',
  'web-84b5bccbfd-rgb42',
  'default',
  'kube-system',
  'kubelet',
  '10.0.0.1:8080',
  '6f1b9d3e-0c1f-4f6e-9d3a-1b2c3d4e5f60',
  '0123456789abcdef0123456789abcdef',
  'sha256:0123456789abcdef0123456789abcdef',
  '\u0001',
  '\u0001f',
  '\u0000',
  '"',
  'é\u0301',
  '日本語',
  '👩‍🚀',
  '0',
  '007',
  '1e3',
);
const text = fc.oneof(
  { weight: 3, arbitrary: word },
  fc.array(word, { maxLength: 6 }).map((words) => words.join(' ')),
  fc.array(word, { maxLength: 6 }).map((words) => words.join('-')),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const second = fc.integer({ min: 1_700_000_000, max: 1_700_000_400 }).map((seconds) => seconds * SECOND);
const time = fc.oneof(
  { weight: 3, arbitrary: second },
  second.map((at) => at + 123_456),
  fc.constantFrom(-9_000_000_000_000_000, -1, 0, 9_000_000_000_000_000),
);
const maybeTime = fc.option(time, { nil: undefined });
const count = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom(-5, 4591, 2 ** 31, 2 ** 40));
const version = fc.oneof(
  fc.integer({ min: 0, max: 2 ** 50 }).map(String),
  fc.constantFrom('', '0', '007', '99999999999999999999', 'abc'),
);

/** As `JSON.parse` makes them. */
const PLAIN = { noNullPrototype: true };

const reference: fc.Arbitrary<ObjectReference> = fc.record(
  {
    apiVersion: fc.constantFrom('', 'v1', 'apps/v1'),
    kind: fc.constantFrom('', 'Pod', 'pod', 'Node', 'Deployment'),
    namespace: fc.constantFrom('', 'default', 'shop'),
    name: text,
    uid: text,
    resourceVersion: version,
    fieldPath: text,
  },
  PLAIN,
);

const hex = fc.oneof(
  fc
    .bigInt({ min: 0x17979cfe362a0000n, max: 0x1797a0a207a3ffffn })
    .map((nanoseconds) => nanoseconds.toString(16)),
  fc.constantFrom(
    '0',
    '01',
    'f',
    'fffff',
    '1234567890ab',
    '1234567890abc',
    'ffffffffffffffff',
    '11111111111111111',
    'G',
  ),
);

/** Any Event that could be read from anywhere: few names and times, so that some are the same Event. */
export const anyEvent: fc.Arbitrary<Event> = fc
  .tuple(
    fc.record(
      {
        form: fc.constantFrom('v1' as const, 'events.k8s.io/v1' as const),
        namespace: fc.constantFrom('', 'default', 'shop', 'a/b'),
        uid: text,
        resourceVersion: version,
        creationTimestamp: maybeTime,
        type: fc.constantFrom('Normal', 'Warning', 'Error', ''),
        reason: text,
        message: text,
        involvedObject: reference,
        related: fc.option(reference, { nil: undefined }),
        source: fc.record({ component: text, host: text }, PLAIN),
        reportingController: text,
        reportingInstance: text,
        action: text,
        count,
        series: fc.option(fc.record({ count, lastObservedTime: maybeTime }, PLAIN), { nil: undefined }),
        firstTimestamp: maybeTime,
        lastTimestamp: maybeTime,
        eventTime: maybeTime,
        residue: fc.option(fc.constantFrom('[[["metadata","labels"],{"a":"b"}]]', '[]'), { nil: undefined }),
      },
      PLAIN,
    ),
    fc.oneof(
      hex.map((digits) => (object: string) => `${object}.${digits}`),
      text.map((name) => () => name),
    ),
  )
  .map(([fields, nameOf]) => ({ name: nameOf(fields.involvedObject.name), ...fields }));
