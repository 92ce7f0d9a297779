import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { COMMANDS, compareKubectl, readReply, tellDifference } from '../kube-api/compare-answers.ts';
import { ask, findKubectls, startTwoServers, type TwoServers } from '../kube-api/two-servers.ts';
import { findControlPlane, NO_CONTROL_PLANE } from './start.ts';

const assets = findControlPlane();
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';
const TABLE_BETA = 'application/json;as=Table;v=v1beta1;g=meta.k8s.io';
const PARTIAL = 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io';
const PARTIAL_LIST = 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io';

const GROUPS = ['/api/v1', '/apis/events.k8s.io/v1'];
const SELECTORS = [
  'type=Warning',
  'type==Warning',
  'type!=Normal,reason=Failed',
  'metadata.name=labelled.1',
  'metadata.namespace=default',
  'metadata.namespace!=default',
  'involvedObject.kind=Pod',
  'involvedObject.name=a\\,b\\=c',
  'involvedObject.namespace=default,involvedObject.apiVersion=v1',
  'involvedObject.fieldPath=data{x}',
  'involvedObject.uid=',
  'involvedObject.resourceVersion!=1',
  'regarding.kind=Pod',
  'regarding.name=a\\,b\\=c,regarding.namespace=default',
  'source=tester',
  'source=kubelet',
  'reportingComponent=kubelet',
  'reportingController=kubelet',
  'type=',
  ',type=Normal,,',
  'foo=bar',
  'type',
  'type=a\\b',
  'type=a\\',
  'type=a=b',
  '=x',
  'note=x',
  'message=x',
  'type=Normal,foo',
];
const LABEL_SELECTORS = [
  'app=web',
  'app==web,weight>3',
  'weight<7',
  'weight>6',
  'app!=web',
  'app in (web,api)',
  'app in (web, api ),example.com/tier',
  'app notin (web)',
  '!app',
  '! app',
  'app',
  'app in ()',
  'app in (,)',
  'app=',
  'app in (',
  'app in web',
  'app in (a',
  'app in (a b)',
  'app,',
  ',app',
  'app==!b',
  'app=a b',
  'app = web , weight',
  'a/b/c=d',
  '/b=c',
  'a/=c',
  '-a=b',
  'a=-b',
  'a>b',
  'a=(b)',
  'in=notin',
  'in in (in)',
  'app>>1',
  'a=b=c',
  '=a',
  '!',
  `a=${'x'.repeat(64)}`,
];

/** Requests as clients send them: `[path, headers, method]`. */
const REQUESTS: readonly (readonly [path: string, accept?: string | undefined, method?: string])[] = [
  ...GROUPS.flatMap((group): [string, (string | undefined)?, string?][] => [
    [group],
    [`${group}/events`],
    [`${group}/events/`],
    [`${group}/namespaces/default/events`],
    [`${group}/namespaces/none/events`],
    [`${group}/namespaces//events`],
    [`${group}/namespaces/default/events/labelled.1`],
    [`${group}/namespaces/default/events/labelled.1?watch=true`],
    [`${group}/namespaces/default/events/labelled.1`, TABLE],
    [`${group}/namespaces/default/events/labelled.1`, PARTIAL],
    [`${group}/namespaces/default/events/labelled.1`, PARTIAL_LIST],
    [`${group}/namespaces/default/events/none`],
    [`${group}/namespaces/default/events/none/status`],
    [`${group}/namespaces/default/events/none%2Fmore`],
    [`${group}/events/none`],
    [`${group}/events`, TABLE],
    [`${group}/events`, TABLE_BETA],
    [`${group}/events?includeObject=None`, TABLE],
    [`${group}/events?includeObject=Object`, TABLE],
    [`${group}/events?includeObject=Other`, TABLE],
    [`${group}/events`, PARTIAL_LIST],
    [`${group}/events`, PARTIAL],
    [`${group}/events?limit=1000`, 'application/json;q=0.9,application/yaml;q=0.8'],
    [`${group}/events`, 'application/cbor,application/json;q=0.9,*/*;q=0.1'],
    [`${group}/events`, 'text/html,*/*'],
    [`${group}/events`, undefined, 'HEAD'],
    [`${group}/events`, undefined, 'PATCH'],
    ...SELECTORS.map((selector): [string] => [
      `${group}/events?fieldSelector=${encodeURIComponent(selector)}`,
    ]),
  ]),
  ...LABEL_SELECTORS.map((selector): [string] => [
    `/api/v1/events?labelSelector=${encodeURIComponent(selector)}`,
  ]),
  ...['abc', '-1', '1.5', '', '99999999999999999999', '999999999999'].flatMap((text): [string][] => [
    [`/api/v1/events?resourceVersion=${text}`],
    [`/api/v1/events?limit=${text}`],
    [`/api/v1/events?timeoutSeconds=${text}`],
  ]),
  ['/api/v1/events?resourceVersion=0'],
  ['/api/v1/events?resourceVersion=0&resourceVersionMatch=NotOlderThan'],
  ['/api/v1/events?resourceVersion=0&resourceVersionMatch=Exact'],
  ['/api/v1/events?resourceVersion=1&resourceVersionMatch=NotOlderThan'],
  ['/api/v1/events?resourceVersion=1&resourceVersionMatch=Other'],
  ['/api/v1/events?resourceVersionMatch=Exact'],
  ['/api/v1/events?resourceVersionMatch=Other&continue=x'],
  ['/api/v1/events?watch=1&resourceVersionMatch=Exact&timeoutSeconds=1'],
  ['/api/v1/events?continue=abc'],
  ['/api/v1/events?continue=abc&resourceVersion=5'],
  ['/api/v1/events?limit=-5'],
  ['/api/v1/events?watch=false'],
  ['/api/v1/events?watch=0&unknown=1'],
  ['/api/v1/events', 'application/json;as=Table;v=v7;g=meta.k8s.io,application/json'],
  ['/api/v1/events', 'application/json;as=Other;v=v1;g=meta.k8s.io'],
  ['/api/v1/events?watch=1&timeoutSeconds=1', 'application/yaml'],
  ['/api/v1/namespaces/default'],
  ['/api/v1/namespaces/none'],
  ['/api/v1/namespaces?fieldSelector=foo%3Ddefault'],
  ['/api'],
  ['/apis/events.k8s.io/v7'],
  ['/apis/events.k8s.io/v7/events'],
  ['/api/v1/nothing'],
  ['/api/v7'],
  ['/healthz'],
  ['/readyz'],
];

/** Failures of which the words are the server's own: a later version's, of resourceVersions, of how a token is made. */
const OWN_WORDS =
  /labelSelector=(?:a%2Fb|%2Fb|a%2F|-a|a%3D-b|a%3Eb|a%3Dx)|resourceVersion=9{12}|continue=abc|watch=1.resourceVersionMatch/;

suite('the Events API against a real API server', { skip: assets === undefined && NO_CONTROL_PLANE }, () => {
  let servers: TwoServers;

  before(async () => {
    servers = await startTwoServers(assets ?? '', ['g-jobs', 'b-bad-image', 'd-unschedulable']);
  });
  after(() => servers?.stop());

  test('holds the Events that are asked for', async () => {
    const { status, body } = await ask(servers.hark, '/api/v1/namespaces/default/events/labelled.1');
    assert.equal(status, 200, body);
  });

  test('answers what clients ask with the same status, shape and rows', async () => {
    const { real, hark, minor } = servers;
    const wrong: string[] = [];
    for (const [path, accept, method = 'GET'] of REQUESTS) {
      const options = { method, headers: { 'user-agent': 'tests', ...(accept !== undefined && { accept }) } };
      const exactWords = minor === 20 && !OWN_WORDS.test(path);
      const why = await tellDifference(async () => {
        const [one, other] = await Promise.all([ask(real, path, options), ask(hark, path, options)]);
        assert.deepEqual(readReply(other, exactWords), readReply(one, exactWords));
      });
      if (why !== '') wrong.push(`${method} ${path} ${accept ?? ''}\n${why}`);
    }
    assert.ok(wrong.length === 0, wrong.join('\n\n'));
  });

  test('is read by kubectl as an API server is', async (t) => {
    const [kubectl] = findKubectls(assets ?? '');
    if (kubectl === undefined) return t.skip('needs kubectl');
    await compareKubectl(kubectl, servers, COMMANDS.slice(0, 2));
  });
});
