import assert from 'node:assert/strict';
import { type ChildProcess, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parseAllDocuments } from 'yaml';
import { findBuiltinKind } from '../../src/events/kind-names.ts';
import { type KeyPair, makeAuthority } from '../api-server/make-certificates.ts';
import { makeFolder, startHark } from '../cli/start-hark.ts';
import { type OidcIssuer, startOidcIssuer } from './oidc-issuer.ts';
import { createRawClient, type RawClient } from './raw-client.ts';
import { type ControlPlane, findControlPlane, NO_CONTROL_PLANE, startControlPlane } from './start.ts';

const assets = findControlPlane();
const PATIENCE_MS = 120_000;
const [OURS, THEIRS] = ['shop', 'vault'];
/** What is found in the names of the others' objects and in the messages of their Events, and nowhere else. */
const WORD = 'zanzibar';
const TOKENS = { alice: 'token-a', lister: 'token-l', carol: 'token-c', prom: 'token-p', nobody: 'token-n' };
/** Permissions are believed for so long here. */
const TTL = '500ms';

interface Answered {
  readonly status: number;
  readonly text: string;
}

suite('a real API server says who may see what', {
  skip: assets === undefined ? NO_CONTROL_PLANE : false,
}, () => {
  let plane: ControlPlane;
  let client: RawClient;
  let issuer: OidcIssuer;
  let url = '';
  const authority = makeAuthority('hark-serving');
  // Made here: what a hook makes ends with the hook.
  const folder = makeFolder();
  const audit = join(folder, 'audit.log');
  let server: ChildProcess | undefined;

  before(async () => {
    issuer = await startOidcIssuer(folder);
    plane = await startControlPlane(assets ?? '', {
      controllers: true,
      aggregation: true,
      tokens: TOKENS,
      apiFlags: issuer.flags,
    });
    client = createRawClient(plane.kubeconfig);
    await makeObjects(client);
    await grant(client);
    for (const file of ['rbac.yaml', 'serve.yaml']) await applyManifest(client, file);
    const keys = authority.issue({ name: 'hark', hosts: ['127.0.0.1', 'hark.hark.svc'] });
    // With what deploy/ gives it, and nothing else.
    const token = await makeServiceToken(client, 'default', 'hark', undefined);
    const kubeconfig = plane.writeKubeconfig({ name: 'hark', token });
    server = spawnServer(kubeconfig, keys, folder, audit);
    url = await readUrl(server);
    await waitFor('Events of both namespaces', async () => {
      const { text } = await ask('/v1/facets', { cert: adminCert() });
      const counted = [OURS, THEIRS].map((name) => text.includes(`"value":"${name}"`));
      return [counted.every((isThere) => isThere) && text.includes('FailedScheduling'), text];
    });
  });

  after(async () => {
    agent.destroy();
    server?.kill('SIGKILL');
    client?.close();
    await plane?.stop();
    await issuer?.stop();
  });

  const agent = new Agent({ keepAlive: true, maxSockets: 4 });

  interface Credentials {
    readonly token?: string | undefined;
    readonly cert?: KeyPair;
    readonly headers?: Readonly<Record<string, string | string[]>>;
  }

  function ask(path: string, { token, cert, headers = {} }: Credentials): Promise<Answered> {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return new Promise((resolve, reject) => {
      const options = {
        ca: authority.ca,
        ...cert,
        headers: { ...authorization, ...headers },
        agent: cert === undefined ? agent : false,
      } as const;
      const sent = request(`${url}${path}`, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.on('error', reject).on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
      });
      sent.on('error', reject).end();
    });
  }

  /** Follows a stream until it ends, or the tests do. */
  function listen(path: string, token: string) {
    let [text, hasEnded] = ['', false];
    const headers = { authorization: `Bearer ${token}` };
    const sent = request(`${url}${path}`, { ca: authority.ca, headers, agent }, (answer) => {
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.on('close', () => {
        hasEnded = true;
      });
      // The server is gone before the stream where a test has failed.
      answer.on('error', () => {});
    });
    sent.on('error', () => {}).end();
    return { text: () => text, hasEnded: () => hasEnded };
  }

  function adminCert(): KeyPair {
    return certificateOf(plane.kubeconfig);
  }

  test('tokens, certificates and the front proxy each say who asks', async () => {
    const alice = certificateOf(plane.writeKubeconfig({ name: 'alice' }));
    const proxy = plane.issueFrontProxy('front-proxy-client');
    const path = `/v1/events?namespace=${OURS}&limit=1`;
    const user = (name: string, group = 'people') => ({ 'x-remote-user': name, 'x-remote-group': [group] });
    const statuses: [what: string, Credentials, status: number][] = [
      ['a token', { token: TOKENS.alice }, 200],
      ['a certificate', { cert: alice }, 200],
      ['the front proxy', { cert: proxy, headers: user('alice') }, 200],
      ['the front proxy, of a group', { cert: proxy, headers: user('someone', 'system:masters') }, 200],
      ['the front proxy, of nobody', { cert: proxy }, 401],
      ['the front proxy, of one without rights', { cert: proxy, headers: user('nobody') }, 403],
      ['another name of its CA', { cert: plane.issueFrontProxy('other'), headers: user('alice') }, 401],
      [
        'a user who claims to be another',
        { cert: certificateOf(plane.writeKubeconfig({ name: 'nobody' })), headers: user('alice') },
        403,
      ],
      ['a certificate of another CA', { cert: makeAuthority('kubernetes').issue({ name: 'alice' }) }, 401],
      ['headers without a certificate', { headers: user('admin', 'system:masters') }, 401],
      ['headers and a token', { token: TOKENS.nobody, headers: user('admin', 'system:masters') }, 403],
      ['nothing', {}, 401],
      ['a wrong token', { token: 'token-x' }, 401],
    ];
    for (const [what, credentials, status] of statuses)
      assert.deepEqual([what, (await ask(path, credentials)).status], [what, status]);
    const own = await makeServiceToken(client, OURS, 'robot', undefined);
    const others = await makeServiceToken(client, OURS, 'robot', ['https://others.example']);
    assert.deepEqual((await ask(path, { token: own })).status, 200);
    assert.deepEqual((await ask(path, { token: others })).status, 401);
  });

  test('a token of an OpenID Connect issuer that the API server knows says who asks, and none of another', async () => {
    const path = `/v1/events?namespace=${OURS}&limit=1`;
    const token = issuer.issue({ sub: 'erin' });
    await waitFor('the API server to know the issuer', async () => {
      const { status, text } = await ask(path, { token });
      return [status === 200, text];
    });
    const seconds = Math.floor(Date.now() / 1000);
    for (const [what, asked, wrong, status] of [
      ['her own namespace', path, token, 200],
      ['another namespace', `/v1/events?namespace=${THEIRS}`, token, 403],
      ['somebody without rights', path, issuer.issue({ sub: 'frank' }), 403],
      ['one who is named as the API server’s own', path, issuer.issue({ sub: 'alice' }), 403],
      [
        'a group that is named as the API server’s own',
        path,
        issuer.issue({ sub: 'frank', groups: ['system:masters'] }),
        403,
      ],
      ['a token that is over', path, issuer.issue({ sub: 'erin', exp: seconds - 60 }), 401],
      ['a token for others', path, issuer.issue({ sub: 'erin', aud: 'others' }), 401],
      ['a token of another issuer', path, issuer.issue({ sub: 'erin', iss: 'https://other.example' }), 401],
      ['a token signed with another key', path, issuer.issue({ sub: 'erin' }, false), 401],
    ] as const)
      assert.deepEqual([what, (await ask(asked, { token: wrong })).status], [what, status]);
  });

  test('nobody is shown what they may not list, by any route', async () => {
    const { paths } = JSON.parse((await ask('/openapi.json', { token: TOKENS.alice })).text) as {
      paths: Record<string, unknown>;
    };
    const routes = Object.keys(paths).filter((path) => !path.includes('{') && !OPEN.includes(path));
    assert.ok(routes.length > 8);
    for (const user of ['alice', 'lister'] as const)
      for (const route of routes)
        for (const query of [
          '',
          `?namespace=${OURS}`,
          '?limit=1000',
          '?group=namespace&expand=all',
          `?grep=${WORD}`,
        ])
          for (const accept of ['application/json', 'application/x-ndjson']) {
            const path = `${route}${query}`;
            const { status, text } = await ask(path, { token: TOKENS[user], headers: { accept } });
            assert.ok([200, 400].includes(status), `${user} ${path}: ${status} ${text}`);
            // A refusal quotes what was asked.
            if (status === 200)
              assert.equal(text.includes(WORD) || text.includes(THEIRS), false, `${user} ${path}: ${text}`);
          }
    const everything = await ask('/v1/events?limit=1000', { token: TOKENS.carol });
    assert.ok(everything.text.includes(WORD) && everything.text.includes(THEIRS));
  });

  test('objects are shown to those who may list their kind: Secrets not to a viewer', async () => {
    const list = async (token: string) => (await ask('/v1/objects?limit=5000', { token })).text;
    await waitFor('objects of both namespaces', async () => {
      const text = (await ask('/v1/objects?limit=5000', { cert: adminCert() })).text;
      const words = [WORD, 'our'].flatMap((word) => [`${word}-secret`, `${word}-config`]);
      return [words.every((word) => text.includes(word)), text];
    });
    // What a user sees is filled in on its own.
    await waitFor('objects that carol and alice may list', async () => {
      const [all, own] = [await list(TOKENS.carol), await list(TOKENS.alice)];
      return [all.includes(`${WORD}-config`) && own.includes('our-config'), `${all}\n${own}`];
    });
    const [carol, alice, lister] = [
      await list(TOKENS.carol),
      await list(TOKENS.alice),
      await list(TOKENS.lister),
    ];
    assert.ok(carol.includes(`${WORD}-config`) && !carol.includes(`${WORD}-secret`));
    assert.ok(alice.includes('our-config') && !alice.includes('our-secret') && !alice.includes(WORD));
    assert.deepEqual(JSON.parse(lister).items, []);
  });

  test('verbs are told apart, and /metrics is a permission of its own', async () => {
    const { items } = JSON.parse((await ask('/v1/events?limit=1', { token: TOKENS.alice })).text);
    const one = `/v1/events/${encodeURIComponent(items[0].id)}`;
    const expected: [user: keyof typeof TOKENS, path: string, status: number][] = [
      ['alice', one, 200],
      ['lister', one, 403],
      ['lister', '/v1/live', 403],
      ['alice', '/metrics', 403],
      ['prom', '/metrics', 200],
      ['prom', '/v1/events', 403],
      ['nobody', '/v1/events', 403],
      ['nobody', '/v1/events?namespace=shop', 403],
      ['alice', `/v1/events?namespace=${THEIRS}`, 403],
      ['alice', '/v1/events?namespace=not-there', 403],
    ];
    for (const [user, path, status] of expected)
      assert.deepEqual([user, path, (await ask(path, { token: TOKENS[user] })).status], [user, path, status]);
  });

  test('kubectl shows everyone what is theirs, below /clusters/NAME', { skip: hasKubectl() }, () => {
    const ca = join(folder, 'hark-ca.crt');
    writeFileSync(ca, authority.ca);
    const kubectl = (user: keyof typeof TOKENS, ...args: string[]) => {
      const to = [
        `--server=${url}/clusters/test`,
        `--certificate-authority=${ca}`,
        `--token=${TOKENS[user]}`,
      ];
      const env = { PATH: process.env.PATH, HOME: folder, KUBECONFIG: join(folder, 'none') };
      const { status, stdout, stderr } = spawnSync(join(assets ?? '', 'kubectl'), [...to, ...args], { env });
      return { status, text: `${stdout}${stderr}` };
    };
    const own = kubectl('alice', 'get', 'events', '-n', OURS);
    assert.match(own.text, /FailedScheduling\s+pod\/our-web-/);
    assert.match(kubectl('carol', 'get', 'events', '-A').text, new RegExp(`${THEIRS}.*${WORD}-web`));
    assert.equal(kubectl('alice', 'get', 'namespaces').text.includes(THEIRS), false);
    for (const args of [
      ['get', 'events', '-A'],
      ['get', 'events', '-n', THEIRS],
      ['get', 'events', '-n', 'not-there'],
      ['get', `--raw=/clusters/test/api/v1/namespaces/${THEIRS}/events`],
    ]) {
      const { status, text } = kubectl('alice', ...args);
      assert.equal(status, 1, text);
      assert.match(text, /^Error from server \(Forbidden\).*User "alice" cannot list resource "events"/m);
    }
  });

  test('the live stream tells of what may be listed, until it no longer may', async () => {
    const stream = listen('/v1/live?only=events', TOKENS.alice);
    await waitFor('the stream', async () => [stream.text().includes('event: live'), stream.text()]);
    await say(client, THEIRS, `${WORD}-said`);
    await say(client, OURS, 'our-said');
    await waitFor('what was said', async () => [stream.text().includes('our-said'), stream.text()]);
    const watch = listen(`/clusters/test/api/v1/namespaces/${OURS}/events?watch=true`, TOKENS.alice);
    await waitFor('the watch', async () => [watch.text().includes('"our-said"'), watch.text()]);
    const binding = `/apis/rbac.authorization.k8s.io/v1/namespaces/${OURS}/rolebindings/alice`;
    const status = async () => (await ask('/v1/events?limit=1', { token: TOKENS.alice })).status;
    await client.send('DELETE', binding);
    await waitFor('it is revoked', async () => [(await status()) === 403, '']);
    await waitFor('the stream ends', async () => [stream.hasEnded(), stream.text()]);
    await waitFor('the watch ends', async () => [watch.hasEnded(), watch.text()]);
    assert.match(stream.text(), /event: error\ndata: \{"error":\{"code":"access-changed"/);
    assert.equal(stream.text().includes(WORD) || watch.text().includes(WORD), false);
    await bind(client, OURS, 'alice', 'view');
    await waitFor('it is granted again', async () => [(await status()) === 200, '']);
  });

  test('the audit log tells who read what', async () => {
    const lines = () =>
      readFileSync(audit, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { user?: { username: string; groups: string[] }; kind: string });
    const kinds = new Set(lines().map(({ kind }) => kind));
    assert.deepEqual([...kinds], ['Event']);
    const names = new Set(lines().map(({ user }) => user?.username));
    for (const name of [undefined, 'admin', 'alice', 'nobody', `system:serviceaccount:${OURS}:robot`])
      assert.ok(names.has(name), `${name} among ${[...names].join()}`);
    assert.equal(readFileSync(audit, 'utf8').includes('token-'), false);
  });

  // The last: it is not started again.
  test('nobody is let in while the API server is down', async () => {
    const answer = () => ask('/v1/events?limit=1', { token: TOKENS.alice });
    assert.equal((await answer()).status, 200);
    await plane.stopApiServer();
    await waitFor('nobody is let in', async () => {
      const { status, text } = await answer();
      return [status === 503, text];
    });
    assert.equal((await ask('/healthz', {})).status, 200);
  });
});

/** Why kubectl cannot be run; false when it can. */
function hasKubectl(): string | false {
  return existsSync(join(assets ?? '', 'kubectl'))
    ? false
    : 'needs kubectl in the folder that KUBEBUILDER_ASSETS names';
}

const OPEN = ['/healthz', '/readyz', '/metrics', '/v1/live'];

function spawnServer(kubeconfig: string, keys: KeyPair, folder: string, audit: string): ChildProcess {
  const [cert, key] = [join(folder, 'tls.crt'), join(folder, 'tls.key')];
  writeFileSync(cert, keys.cert);
  writeFileSync(key, keys.key);
  return startHark([
    'serve',
    ...['--listen', '127.0.0.1:0', '--store', join(folder, 'events.db'), '--kubeconfig', kubeconfig],
    ...['--tls-cert-file', cert, '--tls-private-key-file', key],
    ...['--authorization-mode', 'Webhook', '--authentication-lookup', '--audit-log-path', audit],
    ...['--authentication-token-webhook-cache-ttl', TTL, '--authorization-webhook-cache-authorized-ttl', TTL],
    ...['--authorization-webhook-cache-unauthorized-ttl', TTL],
  ]);
}

/** What a server says where it is. */
async function readUrl({ stdout, stderr }: ChildProcess): Promise<string> {
  let said = '';
  stdout?.resume();
  stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk;
  });
  const find = () => /Hark is at (\S+)\n/.exec(said)?.[1];
  await waitFor('the address of the server', async () => [find() !== undefined, said]);
  return find() ?? '';
}

async function makeObjects(client: RawClient): Promise<void> {
  for (const [namespace, word] of [
    [OURS, 'our'],
    [THEIRS, WORD],
  ] as const) {
    const core = `/api/v1/namespaces/${namespace}`;
    await client.send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
    await client.send('POST', `${core}/configmaps`, {
      metadata: { name: `${word}-config` },
      data: { a: 'b' },
    });
    await client.send('POST', `${core}/secrets`, {
      metadata: { name: `${word}-secret` },
      stringData: { a: 'b' },
    });
    const labels = { app: word };
    await client.send('POST', `/apis/apps/v1/namespaces/${namespace}/deployments`, {
      metadata: { name: `${word}-web` },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: `${word}/web:1` }] } },
      },
    });
  }
  await client.send('POST', `/api/v1/namespaces/${OURS}/serviceaccounts`, { metadata: { name: 'robot' } });
}

/** Makes an Event, as a controller would. */
async function say(client: RawClient, namespace: string, name: string): Promise<void> {
  const at = new Date().toISOString();
  await client.send('POST', `/api/v1/namespaces/${namespace}/events`, {
    metadata: { name },
    involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace, name },
    type: 'Warning',
    reason: 'Said',
    message: `${name} in a message`,
    source: { component: 'test' },
    firstTimestamp: at,
    lastTimestamp: at,
    count: 1,
  });
}

const RBAC = '/apis/rbac.authorization.k8s.io/v1';
const ROLES = 'rbac.authorization.k8s.io';

async function bind(client: RawClient, namespace: string, user: string, role: string): Promise<void> {
  const path =
    namespace === '' ? `${RBAC}/clusterrolebindings` : `${RBAC}/namespaces/${namespace}/rolebindings`;
  await client.send('POST', path, {
    metadata: { name: user },
    roleRef: { apiGroup: ROLES, kind: 'ClusterRole', name: role },
    subjects: [
      { apiGroup: ROLES, kind: 'User', name: user },
      ...(user === 'alice' ? [{ kind: 'ServiceAccount', name: 'robot', namespace: OURS }] : []),
    ],
  });
}

async function grant(client: RawClient): Promise<void> {
  const rules = {
    lister: { apiGroups: [''], resources: ['events'], verbs: ['list'] },
    prom: { nonResourceURLs: ['/metrics'], verbs: ['get'] },
  };
  for (const [name, rule] of Object.entries(rules))
    await client.send('POST', `${RBAC}/clusterroles`, { metadata: { name }, rules: [rule] });
  await bind(client, OURS, 'alice', 'view');
  await bind(client, OURS, 'lister', 'lister');
  await bind(client, OURS, 'oidc:erin', 'view');
  await bind(client, '', 'carol', 'view');
  await bind(client, '', 'prom', 'prom');
}

async function makeServiceToken(
  client: RawClient,
  namespace: string,
  name: string,
  audiences: readonly string[] | undefined,
): Promise<string> {
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
  const spec = { expirationSeconds: 600, ...(audiences && { audiences }) };
  const { status } = await client.send('POST', path, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec,
  });
  return (status as { token: string }).token;
}

const DEPLOY = new URL('../../deploy/', import.meta.url);

/** Makes what a file of deploy/ describes: the API server refuses what is no such object. */
async function applyManifest(client: RawClient, file: string): Promise<void> {
  for (const document of parseAllDocuments(readFileSync(new URL(file, DEPLOY), 'utf8'))) {
    const object = document.toJS() as { apiVersion: string; kind: string; metadata: { namespace?: string } };
    const { apiVersion, kind, metadata } = object;
    const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const scope = metadata.namespace === undefined ? '' : `/namespaces/${metadata.namespace}`;
    const plural = findBuiltinKind(kind)?.plural;
    await client.send('POST', `${root}${scope}/${plural}`, object);
  }
}

/** The certificate in a kubeconfig that the control plane here wrote. */
function certificateOf(kubeconfig: string): KeyPair {
  const { users } = JSON.parse(readFileSync(kubeconfig, 'utf8')) as {
    users: [{ user: Record<string, string> }];
  };
  const decode = (name: string) => Buffer.from(users[0].user[name] ?? '', 'base64').toString();
  return { cert: decode('client-certificate-data'), key: decode('client-key-data') };
}

/** Asks until it is so; then what was seen last is in the failure. */
async function waitFor(what: string, look: () => Promise<[isSo: boolean, seen: string]>): Promise<void> {
  for (const since = performance.now(); ; await delay(50)) {
    const [isSo, seen] = await look();
    if (isSo) return;
    if (performance.now() - since > PATIENCE_MS)
      throw new Error(`not seen: ${what}; but ${seen.slice(0, 2_000)}`);
  }
}
