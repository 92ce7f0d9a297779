import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HarkError } from '../lib/errors.ts';
import { DEFAULT_RULES, isAccepted, type ProxyRules, parseExpressions } from './proxy-rules.ts';

function readRules(changes: Partial<Record<keyof typeof DEFAULT_RULES, string>> = {}): ProxyRules {
  const { acceptHosts, acceptPaths, rejectPaths, rejectMethods } = { ...DEFAULT_RULES, ...changes };
  return {
    acceptHosts: parseExpressions(acceptHosts, '--accept-hosts'),
    acceptPaths: parseExpressions(acceptPaths, '--accept-paths'),
    rejectPaths: parseExpressions(rejectPaths, '--reject-paths'),
    rejectMethods: parseExpressions(rejectMethods, '--reject-methods'),
  };
}

function accepts(rules: ProxyRules, method: string, path: string, host = 'localhost'): boolean {
  return isAccepted(rules, { method, readings: [path], host });
}

// The cases of kubectl's own tests (pkg/proxy/proxy_server_test.go, TestAccept), of rules and requests, in our words.
test('isAccepted lets this machine ask for anything but commands in containers, when nothing else is said', () => {
  const rules = readRules();
  assert.ok(accepts(rules, 'GET', '/api/v1/namespaces/default/pods', '127.0.0.1'));
  assert.ok(accepts(rules, 'DELETE', '/ui/foo', '[::1]'));
  assert.ok(accepts(rules, 'POST', '/api/v1/namespaces/default/pods/x/portforward'));
  assert.ok(!accepts(rules, 'POST', '/api/v1/namespaces/default/pods/x/exec'));
  assert.ok(!accepts(rules, 'GET', '/api/v1/namespaces/default/pods/x/attach'));
  for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io', '192.168.0.1', ''])
    assert.ok(!accepts(rules, 'GET', '/api', host), host);
});

test('isAccepted refuses what is rejected though it is accepted, and methods by name', () => {
  const rules = readRules({
    acceptPaths: '^/api/v1/pods,^/version',
    rejectPaths: 'secret',
    rejectMethods: 'POST,PUT',
  });
  assert.ok(accepts(rules, 'GET', '/version'));
  assert.ok(!accepts(rules, 'GET', '/healthz'));
  assert.ok(!accepts(rules, 'GET', '/api/v1/pods/secret-0'));
  assert.ok(!accepts(rules, 'PUT', '/api/v1/pods/web-0'));
  assert.ok(accepts(rules, 'PATCH', '/api/v1/pods/web-0'));
});

test('isAccepted wants every reading of a path to be accepted', () => {
  const readings = ['/api/v1/namespaces/a/../b/pods/x/exec', '/api/v1/namespaces/b/pods/x/exec'];
  assert.ok(!isAccepted(readRules(), { method: 'GET', readings, host: 'localhost' }));
  const rules = readRules({ rejectPaths: '^/api/v1/namespaces/b' });
  assert.ok(!isAccepted(rules, { method: 'GET', readings, host: 'localhost' }));
});

test('parseExpressions refuses what is no regular expression, quoting it and naming the flag', () => {
  assert.deepEqual(parseExpressions('', '--reject-paths'), []);
  assert.throws(
    () => parseExpressions('^/api,(', '--reject-paths'),
    (error) =>
      error instanceof HarkError && /--reject-paths "\(" is no regular expression/.test(error.message),
  );
});
