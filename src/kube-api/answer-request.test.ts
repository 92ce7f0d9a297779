import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CORE_SCHEMA, load } from 'js-yaml';
import { type Json, openApi } from '../../test/kube-api/open-api.ts';
import { readSightings } from '../../test/store/batches.ts';
import { createListWalks } from './list-walks.ts';

// What an API server answers to the same requests is held against this in test/control-plane/kube-api.test.ts.

const SIGHTINGS = readSightings('v1.36/b-bad-image/events-core-v1.jsonl');
const LIST = '/api/v1/events';
const DISCOVERY = (version: string) =>
  `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList,application/json;q=0.9`;

test('YAML says the same as JSON, and so does JSON for people', async () => {
  const { write, ask } = openApi();
  await write(SIGHTINGS);
  const table = ';as=Table;v=v1;g=meta.k8s.io';
  for (const [path, as] of [
    [LIST, ''],
    [LIST, table],
    [`${LIST}?fieldSelector=type%3Dnone`, ''],
    [`${LIST}?fieldSelector=type%3Dnone`, table],
    ['/api/v1', ''],
    [`${LIST}?limit=x`, ''],
  ] as const) {
    const [json, yaml, pretty] = await Promise.all([
      ask(path, { accept: `application/json${as}` }),
      ask(path, { accept: `application/yaml${as}` }),
      ask(path, { accept: `application/json${as}`, userAgent: 'curl/8.5.0' }),
    ]);
    const value = JSON.parse(await json.text());
    assert.equal(yaml.headers['content-type'], 'application/yaml');
    assert.deepEqual(load(await yaml.text(), { schema: CORE_SCHEMA }), value);
    const text = await pretty.text();
    assert.equal(text, `${JSON.stringify(value, null, 2)}\n`);
  }
});

test('a client of protobuf or CBOR alone is told 406, one that takes JSON too gets that', async () => {
  const { ask } = openApi();
  for (const type of ['application/vnd.kubernetes.protobuf', 'application/cbor']) {
    const refused = await ask(LIST, { accept: type });
    assert.equal(refused.status, 406);
    assert.equal(JSON.parse(await refused.text()).reason, 'NotAcceptable');
    const answered = await ask(LIST, { accept: `${type},application/json` });
    assert.deepEqual([answered.status, answered.headers['content-type']], [200, 'application/json']);
  }
});

test('what would change something is refused with a sentence and what is allowed', async () => {
  const { ask } = openApi();
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD']) {
    const answer = await ask(LIST, { method });
    assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET']);
    assert.match(JSON.parse(await answer.text()).message, /nothing of it can be changed/);
  }
  assert.equal((await ask('/api/v1/pods', { method: 'POST' })).status, 404);
});

test('a list of a place in the past is given when nothing has changed since, else it is too old', async () => {
  const { write, json, ask } = openApi();
  await write(SIGHTINGS.slice(0, 10));
  const { resourceVersion } = (await json(LIST)).metadata;
  const exact = `${LIST}?resourceVersion=${resourceVersion}&resourceVersionMatch=Exact`;
  assert.equal((await ask(exact)).status, 200);
  await write(SIGHTINGS.slice(10));
  assert.equal((await ask(exact)).status, 410);
  assert.equal((await ask(`${LIST}?resourceVersion=${resourceVersion}`)).status, 200);
});

test('a list that is gone on with where it is forgotten what was given is too old, and says how to go on all the same', async () => {
  const { write, json, ask } = openApi({ walks: createListWalks(3) });
  await write(SIGHTINGS);
  const first = await json(`${LIST}?limit=4`);
  const answer = await ask(`${LIST}?limit=4&continue=${first.metadata.continue}`);
  assert.equal(answer.status, 410);
  const status = JSON.parse(await answer.text());
  assert.equal(status.reason, 'Expired');
  const rest = await json(`${LIST}?continue=${status.metadata.continue}`);
  const all = await json(LIST);
  const nameOf = ({ metadata }: Json) => metadata.name;
  assert.deepEqual([...first.items, ...rest.items].map(nameOf), all.items.map(nameOf));
});

test('discovery tells the same step by step and all at once', async () => {
  const { ask, json } = openApi({
    readKinds: async () => [
      { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
      { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
    ],
  });
  const groups = (await json('/apis')).groups as Json[];
  assert.deepEqual(groups[0]?.name, 'events.k8s.io');
  for (const version of ['v2', 'v2beta1']) {
    const answer = await ask('/apis', { accept: DISCOVERY(version) });
    assert.equal(
      answer.headers['content-type'],
      `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
    );
    const { items } = JSON.parse(await answer.text());
    assert.deepEqual(
      items.map(({ metadata }: Json) => metadata.name),
      groups.map(({ name }) => name),
    );
    for (const { metadata, versions } of items)
      for (const { version: one, resources } of versions) {
        const list = await json(`/apis/${metadata.name}/${one}`);
        assert.deepEqual(
          resources.map(({ resource, verbs, scope }: Json) => [resource, verbs, scope === 'Namespaced']),
          list.resources.map(({ name, verbs, namespaced }: Json) => [name, verbs, namespaced]),
        );
      }
  }
  const rollouts = await json('/apis/argoproj.io/v1alpha1');
  assert.deepEqual(
    rollouts.resources.map(({ name, verbs }: Json) => [name, verbs]),
    [['rollouts', []]],
  );
  assert.equal((await json('/apis/autoscaling')).preferredVersion.version, 'v2');
});

test('who may not read something is told so as by an API server', async () => {
  const asked: string[] = [];
  const { ask } = openApi({
    async authorize({ verb, group, resource, namespace }) {
      asked.push(`${verb} ${group}/${resource} ${namespace}`);
      return namespace === 'shop' ? undefined : { user: 'anna', reason: '' };
    },
  });
  assert.equal((await ask('/api/v1/namespaces/shop/events')).status, 200);
  const refused = await ask('/apis/events.k8s.io/v1/events?watch=1');
  assert.equal(refused.status, 403);
  assert.equal(
    JSON.parse(await refused.text()).message,
    'events.events.k8s.io is forbidden: User "anna" cannot watch resource "events" in API group "events.k8s.io" at the cluster scope',
  );
  assert.equal((await ask('/api/v1/namespaces/other/events/x')).status, 403);
  assert.deepEqual(asked, ['list /events shop', 'watch events.k8s.io/events ', 'get /events other']);
});

test('every schema that a description refers to is there, and every path leads to an answer', async () => {
  const readHistory = async () => ({ stories: [], findings: [], asOf: 0 });
  const { ask, json, write } = openApi({ readHistory });
  await write(SIGHTINGS);
  const { paths } = await json('/openapi/v3');
  const documents = ['/openapi/v2', ...Object.values(paths).map((one: Json) => one.serverRelativeURL)];
  assert.equal(documents.length, 4);
  const [{ namespace, name } = { namespace: '', name: '' }] = SIGHTINGS.map(({ event }) => event);
  for (const document of documents) {
    const described = await json(document);
    const text = JSON.stringify(described);
    const references = [...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, at = '']) => at.split('/'));
    assert.ok(references.length > 5);
    for (const at of references)
      assert.ok(at.reduce((value: Json, key) => value?.[key], described) !== undefined, at.join('/'));
    for (const path of Object.keys(described.paths)) {
      const isNamespace = path.endsWith('/namespaces/{name}');
      const real = path.replace('{namespace}', namespace).replace('{name}', isNamespace ? namespace : name);
      const isNobodys = /\/(?:stories|findings)\/\{name\}$/.test(path);
      assert.equal((await ask(real)).status, isNobodys ? 404 : 200, real);
    }
  }
});
