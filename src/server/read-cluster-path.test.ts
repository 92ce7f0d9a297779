import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readClusterPath } from './read-cluster-path.ts';

test('readClusterPath takes all before what an API server begins with for the name of the cluster', () => {
  const eks = 'arn:aws:eks:eu-west-1:1:cluster/prod';
  const cases: readonly (readonly [sent: string, cluster: string, path: string])[] = [
    ['/clusters/prod', 'prod', '/'],
    ['/clusters/prod/', 'prod', '/'],
    ['/clusters/prod/version', 'prod', '/version'],
    ['/clusters/prod/api/v1/namespaces/api/events', 'prod', '/api/v1/namespaces/api/events'],
    ['/clusters/prod/apis/events.k8s.io/v1/events/', 'prod', '/apis/events.k8s.io/v1/events/'],
    ['/clusters/prod/nothing/here', 'prod', '/nothing/here'],
    ['/clusters/arn%3Aaws%3Aeks%3Aeu-west-1%3A1%3Acluster%2Fprod/api', eks, '/api'],
    ['/clusters/arn:aws:eks:eu-west-1:1:cluster/prod/api/v1', eks, '/api/v1'],
    ['/clusters/demo/cluster.jsonl.gz/openapi/v3', 'demo/cluster.jsonl.gz', '/openapi/v3'],
    ['/clusters/api/api/v1', 'api', '/api/v1'],
    ['/clusters/%zz/api', '%zz', '/api'],
    // As kubectl 1.34 sends get --raw, when the server's path is written before what is asked for.
    ['/clusters/prod/clusters/prod/api/v1', 'prod', '/api/v1'],
    ['/clusters/a/b/clusters/a/b/apis', 'a/b', '/apis'],
    ['/clusters/a/clusters/b/apis', 'a/clusters/b', '/apis'],
  ];
  for (const [sent, cluster, path] of cases) assert.deepEqual(readClusterPath(sent), { cluster, path }, sent);
});

test('readClusterPath knows paths that name no cluster', () => {
  for (const path of ['/', '/clusters', '/v1/clusters', '/api/v1/events'])
    assert.equal(readClusterPath(path), undefined, path);
});
