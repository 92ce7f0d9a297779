import assert from 'node:assert/strict';
import type { RecordedEvent } from '../../events/event.ts';
import { lastHappenedAt } from '../../events/event-time.ts';
import type { EventQuery } from '../../events/query.ts';
import { MINUTE } from '../../lib/time.ts';
import { CLUSTER } from './under-test.ts';

/** Questions that reach every condition, each with some of the record as its answer. */
export function sampleQueries(all: readonly RecordedEvent[]): [string, EventQuery][] {
  const middle = all[Math.floor(all.length / 2)];
  assert.ok(middle);
  const { involvedObject, namespace, reason, message } = middle.event;
  const at = lastHappenedAt(middle.event);
  const { kind, name, uid } = involvedObject;
  const namespaces = [...new Set(all.map(({ event }) => event.namespace))];
  const words = message.split(/[^A-Za-z]+/).filter((word) => word.length > 3);
  const [word = 'pod'] = words;
  return [
    ['everything', {}],
    ['nothing there is', { namespaces: ['no-such-namespace'] }],
    ['a namespace', { namespaces: [namespace] }],
    ['several namespaces', { namespaces: [...namespaces, 'no-such-namespace'] }],
    ['a namespace, since a time', { namespaces: [namespace], since: at }],
    ['another cluster', { clusters: ['elsewhere'] }],
    ['this cluster and another', { clusters: [CLUSTER.uid, 'elsewhere'] }],
    ['an object', { for: [{ kind: kind.toLowerCase(), name }] }],
    ['an object by uid', { for: [{ kind, name, uid }] }],
    ['an object of any kind', { for: [{ kind: '', name }] }],
    ['a kind and a uid', { for: [{ kind, name: '', uid }] }],
    [
      'objects',
      {
        for: [
          { kind, name },
          { kind: 'Deployment', name: '' },
        ],
      },
    ],
    ['an object that never was', { for: [{ kind, name: 'no-such-object' }] }],
    ['a kind', { kinds: ['POD'] }],
    ['kinds in a namespace', { kinds: ['pod', 'replicaset'], namespaces: [namespace] }],
    ['a type', { types: ['warning'] }],
    ['a reason', { reasons: [reason] }],
    ['reasons and a type', { reasons: [reason, 'BackOff', 'Failed'], types: ['Warning'] }],
    ['a reason that never was', { reasons: ['NoSuchReason'] }],
    ['a component', { components: ['kubelet'] }],
    ['components', { components: ['default-scheduler', 'deployment-controller'] }],
    ['a beginning', { since: at }],
    ['an end', { until: at }],
    ['a span of time', { since: at - 2 * MINUTE, until: at }],
    ['the newest', { limit: 7 }],
    ['the newest of a namespace', { namespaces: [namespace], limit: 5 }],
    ['the newest of a type', { types: ['Warning'], limit: 3 }],
    ['the newest of more than there are', { limit: 1_000_000 }],
    ['the newest none', { limit: 0 }],
    ['a word', { text: word }],
    ['words', { text: words.slice(0, 2).join(' ') }],
    ['the beginning of a word', { text: `${word.slice(0, 3)}*` }],
    ['a word that nobody said', { text: 'nobody5aid' }],
    ['text without a word', { text: '--' }],
    ['a piece of a message', { grep: /mag/u }],
    ['a whole phrase', { grep: /restarting failed/u }],
    ['a phrase, whatever its case', { grep: /RESTARTING FAILED/iu }],
    ['alternatives', { grep: /pulling|back-?off/iu }],
    ['a pattern without a word', { grep: /\d+s$/u }],
    ['a pattern, the newest', { grep: /container/u, limit: 4 }],
    ['a name inside a message', { grep: new RegExp(name, 'u') }],
    ['a pattern and a word', { grep: /e/u, text: word }],
    ['words in a namespace', { namespaces: [namespace], text: word, since: at - MINUTE }],
  ];
}
