import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../src/lib/clock.ts';
import { wallClock } from '../../src/lib/time.ts';
import { openSqliteStore } from '../../src/store/sqlite/open-sqlite-store.ts';
import { connectTo } from '../api-server/connect-to.ts';
import type { ReviewedWish, Reviews } from '../api-server/serve-reviews.ts';
import fc from '../fast-check.ts';
import { formatMasked, walkRoutes } from './api-walk.ts';
import {
  type Answered,
  ask,
  bearer,
  cutNamespace,
  DEMO,
  importInto,
  keepAudit,
  serveFile,
  setUpAccess,
  startReviewer,
  until,
} from './guarded-server.ts';
import { readLive } from './read-live.ts';

/** Of what waits for a stream to end. */
const PATIENT = { timeout: 120_000 };
const OURS = 'shop';
const THEIRS = ['payments', 'batch-jobs'];
/** Of what Hark adds to an API server. */
const GROUP = '/apis/history.hark.dev/v1';

/** Who may do what: a rule for each user. */
const RULES: Readonly<Record<string, (wish: ReviewedWish) => boolean>> = {
  admin: () => true,
  'list-all': ({ verb, resource }) => verb === 'list' && !['*', 'secrets'].includes(resource),
  shopper: ({ namespace, verb, resource }) =>
    namespace === OURS && ['get', 'list', 'watch'].includes(verb) && resource !== '*',
  'events-only': ({ namespace, resource }) => namespace === OURS && resource === 'events',
  'core-only': ({ namespace, group, resource }) =>
    namespace === OURS && group === '' && resource === 'events',
  'history-only': ({ group }) => group === 'history.hark.dev',
  lister: ({ namespace, verb, resource }) => namespace === OURS && verb === 'list' && resource === 'events',
  getter: ({ namespace, verb, resource }) => namespace === OURS && verb === 'get' && resource === 'events',
  prometheus: ({ path, verb }) => path === '/metrics' && verb === 'get',
  nobody: () => false,
};

const { audit, entries } = keepAudit();
const { file, uid } = await importInto(DEMO);
const api = await startReviewer(uid);
const usual: Reviews = {
  tokens: Object.fromEntries(
    Object.keys(RULES).map((user) => [`token-of-${user}`, { username: user, groups: ['people'] }]),
  ),
  allows: (wish) => RULES[wish.user]?.(wish) ?? false,
};
api.review(usual);
const cluster = await connectTo(api, { clock: createClock(wallClock) });
const server = await serveFile(file, { ...setUpAccess([cluster]), audit, report: () => {} });
/** It holds what the one namespace holds, and nothing else. */
const alone = await serveFile(await cutNamespace(file, OURS));
const secrets = await findSecrets(file);

const as = (user: string, path: string, headers = {}): Promise<Answered> =>
  ask(server.url, path, { ...bearer(`token-of-${user}`), ...headers });

test('whoever sees one namespace is answered by every route as if there were no other', async () => {
  const routes = await walkRoutes(alone.url);
  for (const { path, headers } of routes) {
    const [ours, theirs] = [await as('shopper', path, headers), await ask(alone.url, path, headers)];
    assert.deepEqual([path, ours.status], [path, theirs.status]);
    assert.equal(formatMasked(ours.text), formatMasked(theirs.text), path);
    assertNoSecrets(path, ours);
  }
  assert.ok(routes.length > 60, `${routes.length}`);
});

test('what is there and may not be seen is answered as what is not there', async () => {
  const { items } = JSON.parse((await as('admin', '/v1/events?namespace=payments')).text) as Ids;
  const { items: stories } = JSON.parse((await as('admin', '/v1/stories?namespace=payments')).text) as Ids;
  assert.ok(items.length > 5 && stories.length > 0);
  const hidden = [
    ...items.map(({ id }) => [`/v1/events/${encodeURIComponent(id)}`, id] as const),
    ...stories.map(({ id }) => [`/v1/stories/${id}`, id] as const),
  ];
  for (const [path, id] of hidden) {
    const [there, not] = [await as('shopper', path), await as('shopper', path.replace(/.$/, 'x'))];
    assert.deepEqual([path, there.status, not.status], [path, 404, 404]);
    assert.equal(there.text, not.text.replace(`${id.slice(0, -1)}x`, id));
  }
  for (const route of [
    'events',
    'stories',
    'top',
    'why',
    'facets',
    'timeline',
    'objects',
    'changes',
    'coverage',
  ]) {
    const [there, not] = [
      await as('shopper', `/v1/${route}?namespace=payments`),
      await as('shopper', `/v1/${route}?namespace=paymentz`),
    ];
    assert.deepEqual([route, there.status, not.status], [route, 403, 403]);
    assert.equal(there.text.replaceAll('payments', 'paymentz'), not.text);
    const both = await as('shopper', `/v1/${route}?namespace=shop&namespace=payments,`);
    assert.deepEqual([route, both.status], [route, 403]);
  }
});

test('everyone may do what their verbs say, and is told what they may not', async () => {
  const { items } = JSON.parse((await ask(alone.url, '/v1/events?limit=1')).text) as Ids;
  const one = `/v1/events/${encodeURIComponent(items[0]?.id ?? '')}`;
  const expected: [user: string, path: string, status: number][] = [
    ['admin', '/v1/events', 200],
    ['admin', one, 200],
    ['admin', '/metrics', 200],
    ['list-all', '/v1/events', 200],
    ['list-all', one, 403],
    ['list-all', '/v1/live', 403],
    ['list-all', '/metrics', 403],
    ['shopper', one, 200],
    ['shopper', '/metrics', 403],
    ['lister', '/v1/stories', 200],
    ['lister', one, 403],
    ['lister', '/v1/live', 403],
    ['getter', one, 200],
    ['getter', '/v1/events', 403],
    ['getter', '/v1/facets', 403],
    ['prometheus', '/metrics', 200],
    ['prometheus', '/v1/events', 403],
    ['nobody', '/v1/events', 403],
    ['nobody', one, 403],
    ['nobody', '/v1/clusters', 403],
    ['nobody', '/openapi.json', 200],
    ['nobody', '/v1/nothing', 403],
    ['stranger', '/v1/events', 401],
    ['stranger', '/metrics', 401],
    ['stranger', '/openapi.json', 401],
    ['stranger', '/healthz', 200],
    ['stranger', '/readyz', 200],
  ];
  for (const [user, path, status] of expected)
    assert.deepEqual([user, path, (await as(user, path)).status], [user, path, status]);
  for (const path of ['/healthz', '/readyz']) assert.equal((await ask(server.url, path)).text, 'ok\n');
  const { text, headers } = await as('nobody', '/v1/events');
  assert.match(text, /\\"nobody\\" may list events in no namespace/);
  assert.equal(headers.vary?.includes('authorization'), true);
  assert.equal((await as('stranger', '/v1/events')).headers['www-authenticate'], 'Bearer');
});

test('objects are seen by those who may list their kind, Events alone by others', async () => {
  const count = async (user: string, what: string) =>
    (JSON.parse((await as(user, `/v1/${what}?limit=5000`)).text) as Ids).items.length;
  const [all, ours] = [await count('admin', 'objects'), await count('shopper', 'objects')];
  assert.ok(all > ours && ours > 5, `${all} ${ours}`);
  assert.equal(await count('list-all', 'objects'), all);
  assert.deepEqual([await count('events-only', 'objects'), await count('events-only', 'changes')], [0, 0]);
  const { text } = await as('events-only', '/v1/stories?limit=1000');
  assert.equal(text.includes('"source":"change"'), false);
  assert.equal((await as('shopper', '/v1/stories?limit=1000')).text.includes('"source":"change"'), true);
});

test(
  'the live stream tells of what its reader may see, and ends when they no longer may',
  PATIENT,
  async () => {
    let isRevoked = false;
    api.review({ ...usual, allows: (wish) => !(isRevoked && wish.user === 'shopper') && usual.allows(wish) });
    const messages = [];
    const url = `${server.url}/v1/live?limit=10000`;
    for await (const message of readLive(url, undefined, bearer('token-of-shopper'))) {
      messages.push(message);
      if (message.event === 'live') isRevoked = true;
    }
    const told = messages.flatMap(({ event, data }) => (event === 'events' ? (data as Ids).items : []));
    const { items } = JSON.parse((await ask(alone.url, '/v1/events?limit=5000')).text) as Ids;
    assert.deepEqual(told.map(({ id }) => id).sort(), items.map(({ id }) => id).sort());
    assertNoSecrets('live', { text: JSON.stringify(messages) });
    const { event, data } = messages.at(-1) ?? {};
    assert.deepEqual([event, (data as { error: { code: string } }).error.code], ['error', 'access-changed']);
    assert.equal((await as('shopper', '/v1/events')).status, 403);
    api.review(usual);
    await until(async () => (await as('shopper', '/v1/events')).status === 200, 'access again');
  },
);

test('a stream ends when the token that it was asked with is nobody’s any more', PATIENT, async () => {
  const events = [];
  const { 'token-of-shopper': _, ...tokens } = usual.tokens;
  for await (const { event } of readLive(`${server.url}/v1/live`, undefined, bearer('token-of-shopper'))) {
    events.push(event);
    if (event === 'live') api.review({ ...usual, tokens });
  }
  assert.equal(events.at(-1), 'error');
  assert.equal((await as('shopper', '/v1/events')).status, 401);
  api.review(usual);
  await until(async () => (await as('shopper', '/v1/events')).status === 200, 'known again');
});

test(
  'nobody is let in while the API server cannot be asked, and a reader of the live stream is let go',
  PATIENT,
  async () => {
    const ended = (async () => {
      const events = [];
      for await (const { event } of readLive(`${server.url}/v1/live`, undefined, bearer('token-of-admin'))) {
        events.push(event);
        if (event === 'live') await api.crash();
      }
      return events.at(-1);
    })();
    assert.equal(await ended, 'error');
    for (const path of ['/v1/events', '/v1/stories', '/metrics', '/v1/events/x', '/openapi.json']) {
      const { status, text } = await as('admin', path);
      assert.deepEqual([path, status], [path, 503]);
      assert.equal(JSON.parse(text).error.code, 'access-unknown');
    }
    await api.restart();
    await until(async () => (await as('admin', '/v1/events')).status === 200, 'answers again');
  },
);

test('Kubernetes’ API shows whoever sees one namespace what it would show of that alone', async () => {
  const accepts = [
    'application/json',
    'application/json;as=Table;g=meta.k8s.io;v=v1,application/json',
    'application/yaml',
  ];
  const lists = ['/api/v1', '/apis/events.k8s.io/v1'].flatMap((root) =>
    [
      '',
      '?limit=5',
      '?fieldSelector=type%3DWarning',
      '?labelSelector=none',
      `?fieldSelector=metadata.namespace%3D${THEIRS[0]}`,
    ].map((query) => `${root}/namespaces/${OURS}/events${query}`),
  );
  const one = (JSON.parse((await ask(alone.url, `/clusters/demo${lists[0]}`)).text) as KubeList).items[0];
  const other = (
    JSON.parse((await as('admin', '/clusters/demo/api/v1/namespaces/payments/events')).text) as KubeList
  ).items[0];
  const paths = [
    ...lists,
    `/api/v1/namespaces/${OURS}/events/${one?.metadata.name}`,
    `/api/v1/namespaces/${OURS}/events/${other?.metadata.name}`,
    ...[
      '/api/v1/namespaces',
      `/api/v1/namespaces/${OURS}`,
      '/api/v1/namespaces/payments',
      '/api/v1/namespaces/none',
    ],
    ...[
      '/version',
      '/api',
      '/apis',
      '/api/v1',
      '/apis/events.k8s.io',
      '/apis/events.k8s.io/v1',
      '/nothing',
      '/api/v1/pods',
    ],
  ];
  for (const path of paths)
    for (const accept of accepts) {
      const [ours, theirs] = [
        await as('shopper', `/clusters/demo${path}`, { accept }),
        await ask(alone.url, `/clusters/demo${path}`, { accept }),
      ];
      assert.deepEqual([path, ours.status], [path, theirs.status]);
      assert.equal(formatMasked(ours.text), formatMasked(theirs.text), path);
      if (ours.status === 200) assertNoSecrets(path, ours);
    }
});

test('Kubernetes’ API refuses as an API server does, and tells nothing of what there is', async () => {
  const { items } = JSON.parse(
    (await as('admin', '/clusters/demo/api/v1/namespaces/payments/events')).text,
  ) as KubeList;
  const there = items[0]?.metadata.name ?? '';
  const expected: [user: string, path: string, status: number][] = [
    ['shopper', '/api/v1/events', 403],
    ['shopper', '/api/v1/namespaces//events', 403],
    ['shopper', '/apis/events.k8s.io/v1/events?watch=1', 403],
    ['shopper', '/api/v1/watch/events', 403],
    ['shopper', '/api/v1/namespaces/payments/events', 403],
    ['shopper', '/api/v1/namespaces/paymentz/events', 403],
    ['shopper', `/api/v1/namespaces/payments/events/${there}`, 403],
    ['shopper', '/api/v1/namespaces/payments/events/none', 403],
    ['shopper', '/api/v1/namespaces/payments%2Fevents', 404],
    ['shopper', '/api/v1/namespaces/shop%2F..%2Fpayments/events', 403],
    ['lister', `/api/v1/namespaces/${OURS}/events`, 200],
    ['lister', `/apis/events.k8s.io/v1/namespaces/${OURS}/events`, 200],
    ['lister', `/api/v1/namespaces/${OURS}/events/none`, 403],
    ['lister', `/api/v1/namespaces/${OURS}/events?watch=true`, 403],
    ['lister', `/api/v1/namespaces/${OURS}/events?watch=false&watch=true`, 403],
    ['lister', `/api/v1/watch/namespaces/${OURS}/events`, 403],
    ['getter', `/api/v1/namespaces/${OURS}/events/none`, 404],
    ['getter', `/api/v1/namespaces/${OURS}/events`, 403],
    ['getter', `/api/v1/namespaces/${OURS}/events/`, 403],
    ['getter', '/api/v1', 200],
    ['list-all', '/api/v1/events', 200],
    ['list-all', '/api/v1/events?watch=true', 403],
    ['nobody', '/api/v1', 200],
    ['nobody', '/api/v1/namespaces', 403],
    ['stranger', '/api/v1', 401],
  ];
  for (const [user, path, status] of expected) {
    const answer = await as(user, `/clusters/demo${path}`);
    assert.deepEqual([user, path, answer.status], [user, path, status]);
    if (status !== 200) assert.equal(JSON.parse(answer.text).kind, 'Status', path);
  }
  const text = async (path: string) => (await as('shopper', `/clusters/demo/api/v1/namespaces/${path}`)).text;
  assert.equal(
    (await text('payments/events')).replaceAll('payments', 'paymentz'),
    await text('paymentz/events'),
  );
  assert.equal(
    (await text(`payments/events/${there}`)).replaceAll(there, 'none'),
    await text('payments/events/none'),
  );
  assert.equal((await text('payments')).replaceAll('payments', 'paymentz'), await text('paymentz'));
  assert.deepEqual(JSON.parse(await text('payments/events')), {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message:
      'events is forbidden: User "shopper" cannot list resource "events" in API group "" in the namespace "payments"',
    reason: 'Forbidden',
    details: { kind: 'events' },
    code: 403,
  });
});

test('the group that Hark adds to an API server is asked about by its own name, and by that of Events', async () => {
  const stories = `${GROUP}/namespaces`;
  const status = async (user: string, path: string) => (await as(user, path)).status;
  for (const [user, path] of [
    ['events-only', `${stories}/shop/stories`],
    ['shopper', `${stories}/payments/stories`],
    ['shopper', `${GROUP}/stories`],
    ['nobody', `${stories}/shop/stories`],
  ] as const)
    assert.deepEqual([user, path, await status(user, path)], [user, path, 403]);
  assert.equal(await status('stranger', `${stories}/shop/stories`), 401);
  for (const user of ['admin', 'shopper'])
    assert.ok([200, 404].includes(await status(user, `${stories}/shop/stories`)), user);
});

test('the group’s Events are shown to whom the group’s rules and those of Events allow it, by the verb', async () => {
  const ours = `${GROUP}/namespaces/${OURS}/events`;
  const { items } = JSON.parse((await ask(alone.url, ours)).text) as KubeList;
  const one = `${ours}/${items[0]?.metadata.name}`;
  const { items: others } = JSON.parse((await as('admin', `${GROUP}/events`)).text) as KubeList;
  const other = others.find(({ metadata }) => metadata.namespace === 'payments')?.metadata.name;
  assert.ok(items.length > 5 && other !== undefined);
  const expected: [user: string, path: string, status: number][] = [
    ['admin', `${GROUP}/events`, 200],
    ['shopper', ours, 200],
    ['shopper', one, 200],
    ['shopper', `${ours}/${other}`, 404],
    ['shopper', `${GROUP}/events`, 403],
    ['shopper', `${GROUP}/namespaces//events`, 403],
    ['shopper', `${GROUP}/watch/events`, 403],
    ['shopper', `${GROUP}/namespaces/payments/events`, 403],
    ['shopper', `${GROUP}/namespaces/payments/events/${other}`, 403],
    ['lister', ours, 200],
    ['lister', one, 403],
    ['lister', `${ours}?watch=1`, 403],
    ['lister', `${ours}?watch=false&watch=1`, 403],
    ['lister', `${GROUP}/watch/namespaces/${OURS}/events`, 403],
    ['getter', ours, 403],
    ['getter', one, 200],
    ['core-only', ours, 403],
    ['core-only', `/api/v1/namespaces/${OURS}/events`, 404],
    ['core-only', `/clusters/demo/api/v1/namespaces/${OURS}/events`, 200],
    ['core-only', `/clusters/demo${ours}`, 403],
    ['history-only', ours, 403],
    ['history-only', `${GROUP}/events`, 403],
    ['history-only', `${ours}?watch=1`, 403],
    ['nobody', ours, 403],
    ['stranger', ours, 401],
  ];
  for (const [user, path, status] of expected) {
    const answer = await as(user, path);
    assert.deepEqual([user, path, answer.status], [user, path, status]);
    if (status === 200 && user !== 'admin') assertNoSecrets(path, answer);
  }
  for (const path of [ours, one, `${ours}?fieldSelector=metadata.namespace%3Dpayments`])
    assert.equal(
      formatMasked((await as('shopper', path)).text),
      formatMasked((await ask(alone.url, path)).text),
    );
  const text = async (namespace: string) =>
    (await as('shopper', `${GROUP}/namespaces/${namespace}/events`)).text;
  assert.equal((await text('payments')).replaceAll('payments', 'paymentz'), await text('paymentz'));
});

test('a watch of the group’s Events ends when the group may not be watched any more', PATIENT, async () => {
  const gone = new AbortController();
  const { body, status } = await fetch(`${server.url}${GROUP}/namespaces/${OURS}/events?watch=1`, {
    headers: bearer('token-of-shopper'),
    signal: gone.signal,
  });
  try {
    assert.equal(status, 200);
    const reader = body?.getReader();
    assert.equal((await reader?.read())?.done, false);
    api.review({
      ...usual,
      allows: (wish) => !(wish.user === 'shopper' && wish.group === 'history.hark.dev') && usual.allows(wish),
    });
    // It is cut off, or comes to its end: a watch has no word for it.
    for (;;) if ((await reader?.read().catch(() => ({ done: true })))?.done !== false) break;
    const path = `/clusters/demo/api/v1/namespaces/${OURS}/events`;
    assert.equal((await as('shopper', path)).status, 200);
  } finally {
    gone.abort();
    api.review(usual);
  }
  const path = `${GROUP}/namespaces/${OURS}/events`;
  await until(async () => (await as('shopper', path)).status === 200, 'access again');
});

test('no path, parameter or header shows more than is allowed, and none breaks the server', async () => {
  const words = [
    ...THEIRS,
    OURS,
    'v1',
    'events',
    'stories',
    'live',
    'clusters',
    'api',
    'apis',
    'namespaces',
    uid,
  ];
  const odd = [
    '..',
    '.',
    '%2e%2e',
    '%2F',
    '%00',
    '%',
    '%c0%af',
    ';',
    '//',
    '\\',
    '*',
    'V1',
    'EVENTS',
    '%6eamespaces',
  ];
  const segment = fc.constantFrom(...words, ...odd);
  const name = fc.constantFrom(
    'namespace',
    'NAMESPACE',
    'cluster',
    'for',
    'watch',
    'limit',
    'grep',
    'text',
    'expand',
  );
  const value = fc.constantFrom(
    ...THEIRS,
    OURS,
    '',
    '*',
    'a,b',
    'payments,shop',
    'all',
    '1',
    'true',
    uid,
    '%2C',
    '.',
  );
  const headers = fc.constantFrom<Record<string, string>>(
    {},
    { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters' },
    { 'X-REMOTE-USER': 'admin' },
    { 'impersonate-user': 'admin' },
    { 'x-forwarded-user': 'admin', 'x-original-url': '/v1/events?namespace=payments' },
    { 'x-http-method-override': 'POST', 'if-none-match': '*' },
    { accept: 'application/x-ndjson' },
  );
  const paths = fc.tuple(
    fc.oneof(
      fc.array(segment, { minLength: 1, maxLength: 7 }).map((parts) => `/${parts.join('/')}`),
      fc.array(segment, { maxLength: 4 }).map((parts) => `/clusters/demo/api/v1/${parts.join('/')}`),
      fc.array(segment, { maxLength: 4 }).map((parts) => `${GROUP}/${parts.join('/')}`),
      fc.constantFrom('/v1/events', '/v1/stories', '/v1/timeline', '/v1/facets', '/v1/top', '/v1/objects'),
    ),
    fc.array(fc.tuple(name, value), { maxLength: 4 }),
  );
  await fc.assert(
    fc.asyncProperty(paths, headers, async ([path, parameters], more) => {
      // A watch would not end.
      const query = parameters
        .filter(([key]) => key !== 'watch' || path.startsWith('/v1/'))
        .map(([key, text]) => `${key}=${text}`)
        .join('&');
      const url = path === '/v1/live' ? '/v1/events' : path;
      const asked = `${url}${query === '' ? '' : `?${query}`}`;
      const answer = await as('shopper', asked, more);
      assert.ok(answer.status < 500, `${asked}: ${answer.status} ${answer.text}`);
      // What was asked for is quoted in refusals.
      if (answer.status === 200) assertNoSecrets(asked, answer);
    }),
    { numRuns: 300 },
  );
});

test('/metrics tells what was asked of the API server, and how many parts of the record are held', async () => {
  await as('shopper', '/v1/why');
  await as('nobody', '/v1/why');
  const { text } = await as('prometheus', '/metrics');
  const value = (name: string) => Number(new RegExp(`^${name}\\S* (\\S+)$`, 'm').exec(text)?.[1]);
  const of = (kind: string, result: string) =>
    value(`hark_access_reviews_total\\{cluster="double",kind="${kind}",result="${result}"\\}`);
  for (const [kind, result] of [
    ['token', 'yes'],
    ['token', 'no'],
    ['access', 'yes'],
    ['access', 'no'],
  ] as const)
    assert.ok(of(kind, result) > 0, `${kind} ${result}`);
  assert.ok(value('hark_access_scopes') > 0);
  assert.equal(value('hark_audit_lost_total'), 0);
  for (const status of [200, 403])
    assert.ok(
      value(`hark_http_request_duration_seconds_count\\{method="GET",route="/v1/why",status="${status}"`) > 0,
    );
});

test('headers that name a user mean nothing without the certificate of a proxy', async () => {
  const forged = { 'x-remote-user': 'admin', 'x-remote-group': 'system:masters', 'x-remote-extra-a': 'b' };
  assert.equal((await ask(server.url, '/v1/events', forged)).status, 401);
  assert.equal((await as('nobody', '/v1/events', forged)).status, 403);
  for (const authorization of [
    'Bearer',
    'Bearer  ',
    'Basic dG9rZW4tb2YtYWRtaW4=',
    'Bearer token-of-admin token-of-admin',
    'token-of-admin',
    'Bearer TOKEN-OF-ADMIN',
  ])
    assert.equal((await ask(server.url, '/v1/events', { authorization })).status, 401, authorization);
});

test('who read what is told in the audit log, and who was not let in', async () => {
  const path = '/v1/events?namespace=payments';
  for (const user of ['admin', 'shopper', 'stranger']) await as(user, path, { 'user-agent': 'audit-test' });
  const mine = () => entries.filter(({ userAgent }) => userAgent === 'audit-test');
  await until(() => Promise.resolve(mine().length === 3), 'three entries');
  assert.deepEqual(
    mine().map(({ identity, status, isAllowed, verb, uri, resource }) => [
      identity?.username,
      status,
      isAllowed,
      verb,
      uri,
      resource?.namespace,
    ]),
    [
      ['admin', 200, true, 'list', path, 'payments'],
      ['shopper', 403, false, 'list', path, 'payments'],
      [undefined, 401, false, 'list', path, 'payments'],
    ],
  );
  assert.equal(
    entries.some(({ uri }) => uri.startsWith('/healthz')),
    false,
  );
});

interface KubeList {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace: string } }[];
}

interface Ids {
  readonly items: readonly { readonly id: string }[];
}

function assertNoSecrets(path: string, { text }: Pick<Answered, 'text'>): void {
  const [found] = secrets.exec(text) ?? [];
  assert.equal(found, undefined, `"${found}" in the answer to ${path}: ${text.slice(0, 300)}`);
}

/** What only the others' namespaces hold: names, uids, messages. */
async function findSecrets(store: string): Promise<RegExp> {
  const reader = openSqliteStore({ file: store, mode: 'read' });
  const [theirs, ours] = [new Set<string>(THEIRS), new Set<string>()];
  try {
    for await (const page of reader.readObjects({}))
      for (const { name, namespace, uid: own } of page) {
        const names = namespace === OURS ? ours : theirs;
        names.add(name).add(own);
      }
    for await (const page of reader.readEvents({}))
      for (const { event } of page) {
        const names = event.namespace === OURS ? ours : theirs;
        names.add(event.name).add(event.uid).add(event.involvedObject.name).add(event.message);
      }
  } finally {
    await reader.close();
  }
  const found = [...theirs].filter((name) => name !== '' && !ours.has(name));
  assert.ok(found.length > 50);
  const escaped = found.map((name) =>
    JSON.stringify(name)
      .slice(1, -1)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  );
  // Short words are parts of others: "api" of "apiVersion", "report" of "reportingComponent".
  return new RegExp(`(?<![A-Za-z])(?:${escaped.join('|')})(?![A-Za-z/])`);
}
