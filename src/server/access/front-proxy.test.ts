import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { makeAuthority } from '../../../test/api-server/make-certificates.ts';
import { readAuthorities } from './certificate-authorities.ts';
import { type FrontProxy, readForwardedUser, USUAL_HEADERS } from './front-proxy.ts';
import { readSubject } from './peer-certificate.ts';

const authority = makeAuthority('front-proxy-ca');
const proxy: FrontProxy = {
  authorities: readAuthorities(authority.ca, 'the test'),
  allowedNames: ['front-proxy-client'],
  ...USUAL_HEADERS,
};
const certificate = new X509Certificate(authority.issue({ name: 'front-proxy-client' }).cert);

test('readForwardedUser reads users, groups and extras as kube-apiserver does', () => {
  const headersDistinct = {
    'x-remote-user': ['alice'],
    'x-remote-group': ['people, all of them', 'admins'],
    'x-remote-uid': ['u-1'],
    'x-remote-extra-acme.com%2fproject': ['shop', 'till'],
    'x-remote-extra-scopes': ['a,b'],
    'x-remote-extra-%zz': ['odd'],
    'x-other': ['not'],
  };
  assert.deepEqual(readForwardedUser(proxy, certificate, { headersDistinct }), {
    username: 'alice',
    uid: 'u-1',
    groups: ['people, all of them', 'admins'],
    extra: { 'acme.com/project': ['shop', 'till'], scopes: ['a,b'], '%zz': ['odd'] },
    by: 'front-proxy',
  });
});

test('readForwardedUser believes nobody but the proxy', () => {
  const headersDistinct = { 'x-remote-user': ['alice'] };
  const certificateOf = (pem: string) => new X509Certificate(pem);
  const others = [
    authority.issue({ name: 'front-proxy-client2' }),
    // Another authority of the same name, with keys of its own.
    makeAuthority('front-proxy-ca').issue({ name: 'front-proxy-client' }),
  ];
  for (const { cert } of others)
    assert.equal(readForwardedUser(proxy, certificateOf(cert), { headersDistinct }), undefined);
  assert.equal(readForwardedUser(proxy, certificate, { headersDistinct: {} }), undefined);
  assert.equal(
    readForwardedUser(proxy, certificate, { headersDistinct: { 'x-remote-user': [''] } }),
    undefined,
  );
  const anyName = { ...proxy, allowedNames: [] };
  assert.equal(
    readForwardedUser(anyName, certificateOf(others[0]?.cert ?? ''), { headersDistinct })?.username,
    'alice',
  );
});

test('readForwardedUser takes the first header that names a user, and the groups of all', () => {
  const many = {
    ...proxy,
    usernameHeaders: ['X-User', 'X-Remote-User'],
    groupHeaders: ['X-G', 'X-Remote-Group'],
  };
  const headersDistinct = { 'x-remote-user': ['second'], 'x-g': ['a'], 'x-remote-group': ['b'] };
  const found = readForwardedUser(many, certificate, { headersDistinct });
  assert.deepEqual([found?.username, found?.groups], ['second', ['a', 'b']]);
});

test('readSubject takes the organisations for groups, and nobody who has no name', () => {
  const subject = (name: string, groups: string[]) =>
    readSubject(new X509Certificate(authority.issue({ name, groups }).cert));
  assert.deepEqual(subject('alice', []), { name: 'alice', organisations: [] });
  assert.deepEqual(subject('alice', ['a']), { name: 'alice', organisations: ['a'] });
  assert.deepEqual(subject('a\nCN=admin', ['a', 'b\nO=system:masters']), {
    name: 'a\nCN=admin',
    organisations: ['a', 'b\nO=system:masters'],
  });
  assert.equal(subject('', ['a']), undefined);
});
