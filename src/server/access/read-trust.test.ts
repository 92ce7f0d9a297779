import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAuthority } from '../../../test/api-server/make-certificates.ts';
import { HarkError } from '../../lib/errors.ts';
import { readTrust, type TrustFiles } from './read-trust.ts';

const [users, proxies] = [makeAuthority('users'), makeAuthority('proxies')];
const files: Readonly<Record<string, string>> = {
  'users.crt': users.ca,
  'proxies.crt': proxies.ca,
  'both.crt': `${users.ca}\n${proxies.ca}`,
  'tls.crt': 'CERT',
  'tls.key': 'KEY',
  'empty.crt': '',
  'broken.crt': '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----',
};
const readText = (path: string) => files[path] ?? '';
const tls = { tlsCertFile: 'tls.crt', tlsPrivateKeyFile: 'tls.key' };
const PUBLISHED = {
  clientCa: users.ca,
  frontProxyCa: proxies.ca,
  allowedNames: ['front-proxy-client'],
  usernameHeaders: ['X-Remote-User'],
  groupHeaders: ['X-Remote-Group'],
  uidHeaders: [],
  extraHeaderPrefixes: ['X-Remote-Extra-'],
};

test('readTrust asks clients for certificates of all who are trusted, and keeps apart what for', async () => {
  const trust = await readTrust(
    { ...tls, clientCaFile: 'users.crt', requestheaderClientCaFile: 'proxies.crt' },
    readText,
  );
  assert.deepEqual(trust.tls, { cert: 'CERT', key: 'KEY', ca: `${users.ca}\n${proxies.ca}` });
  assert.equal(trust.clients?.pem, users.ca);
  assert.deepEqual(trust.frontProxy?.allowedNames, []);
  assert.deepEqual(trust.frontProxy?.usernameHeaders, ['X-Remote-User']);
  assert.deepEqual(await readTrust(tls, readText), {
    tls: { cert: 'CERT', key: 'KEY' },
    clients: undefined,
    frontProxy: undefined,
  });
});

test('readTrust takes from the cluster what no flag names', async () => {
  const lookUp = () => Promise.resolve(PUBLISHED);
  const trust = await readTrust(tls, readText, lookUp);
  assert.deepEqual([trust.clients?.pem, trust.frontProxy?.authorities.pem], [users.ca, proxies.ca]);
  assert.deepEqual(trust.frontProxy?.allowedNames, ['front-proxy-client']);
  assert.deepEqual(trust.frontProxy?.uidHeaders, ['X-Remote-Uid']);
  const own = { requestheaderClientCaFile: 'users.crt', requestheaderAllowedNames: ['mine'] };
  const named = await readTrust({ ...tls, ...own }, readText, lookUp);
  assert.deepEqual([named.frontProxy?.authorities.pem, named.frontProxy?.allowedNames], [users.ca, ['mine']]);
});

test('readTrust refuses in a sentence what would let anyone in, or nobody', async () => {
  const cases: [files: TrustFiles, says: RegExp][] = [
    [{ tlsCertFile: 'tls.crt' }, /belong together/],
    [{ clientCaFile: 'users.crt' }, /shown over TLS alone/],
    [{ ...tls, clientCaFile: 'empty.crt' }, /--client-ca-file "empty.crt" holds no certificate/],
    [{ ...tls, clientCaFile: 'broken.crt' }, /cannot be read/],
    [{ ...tls, requestheaderAllowedNames: ['a'] }, /--requestheader-client-ca-file is missing/],
    [
      { ...tls, clientCaFile: 'users.crt', requestheaderClientCaFile: 'both.crt' },
      /any user could claim to be any other/,
    ],
  ];
  for (const [given, says] of cases)
    await assert.rejects(
      readTrust(given, readText),
      (error) => error instanceof HarkError && says.test(error.message),
    );
  const same = { ...tls, clientCaFile: 'users.crt', requestheaderClientCaFile: 'users.crt' };
  assert.ok(await readTrust({ ...same, requestheaderAllowedNames: ['proxy'] }, readText));
});
