import assert from 'node:assert/strict';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { createFakeClock } from '../../test/fake-clock.ts';
import { passTime } from '../../test/pass-time.ts';
import { MINUTE } from '../lib/time.ts';
import { readStoredTokens, writeStoredTokens } from './stored-tokens.ts';

const NEW = { idToken: 'new.id.token', refreshToken: 'new-refresh' };

const YAML = `# mine, by hand
apiVersion: v1
kind: Config
users:
- name: other   # shares the token
  user: {auth-provider: {name: oidc, config: {id-token: old.id.token, refresh-token: old-refresh}}}
- name: jane
  user:
    auth-provider:
      config:
        client-id: kubernetes
        id-token: old.id.token
        idp-issuer-url: https://issuer.example.com
        refresh-token: "old-refresh"
      name: oidc
current-context: ''
`;

function writeFile(t: TestContext, content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'hark-tokens-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config');
  writeFileSync(file, content, { mode: 0o640 });
  return file;
}

async function write(file: string, tokens = NEW): Promise<string> {
  await writeStoredTokens({ file, user: 'jane' }, tokens, createFakeClock());
  assert.deepEqual(await readStoredTokens({ file, user: 'jane' }), tokens);
  return readFileSync(file, 'utf8');
}

test('writeStoredTokens changes the two tokens of its user and nothing else, and leaves the mode and no other file', async (t) => {
  const file = writeFile(t, YAML);
  const written = await write(file);
  const [before, after] = [YAML.split('- name: jane'), written.split('- name: jane')];
  assert.equal(after[0], before[0]);
  assert.equal(
    after[1],
    before[1]?.replace('old.id.token', 'new.id.token').replace('old-refresh', 'new-refresh'),
  );
  assert.equal(statSync(file).mode & 0o777, 0o640);
  assert.deepEqual(readdirSync(join(file, '..')), ['config']);
});

test('writeStoredTokens quotes a token that needs it', async (t) => {
  const file = writeFile(t, YAML.replace('"old-refresh"', 'old-refresh'));
  await write(file, { idToken: 'a.b.c', refreshToken: '# odd: "token" \\ %' });
});

test('writeStoredTokens adds a token that the file did not hold, in YAML and in JSON', async (t) => {
  const file = writeFile(t, YAML.replace('        id-token: old.id.token\n', ''));
  assert.match(await write(file), /\n {8}id-token: "new\.id\.token"\n/);
  const config = { 'client-id': 'kubernetes', 'refresh-token': 'old-refresh' };
  const users = [{ name: 'jane', user: { 'auth-provider': { name: 'oidc', config } } }];
  const json = await write(writeFile(t, JSON.stringify({ kind: 'Config', users }, undefined, 2)));
  JSON.parse(json);
});

test('writeStoredTokens writes the file that a link points to', async (t) => {
  const file = writeFile(t, YAML);
  const link = `${file}-link`;
  symlinkSync(file, link);
  await write(link);
  assert.match(readFileSync(file, 'utf8'), /new\.id\.token/);
  assert.ok(readdirSync(join(file, '..')).every((name) => !name.endsWith('.lock')));
});

test('writeStoredTokens waits for the lock of kubectl, not for ever, and does not remove it', async (t) => {
  const file = writeFile(t, YAML);
  const lock = `${file}.lock`;
  writeFileSync(lock, '');
  const clock = createFakeClock();
  const failing = writeStoredTokens({ file, user: 'jane' }, NEW, clock);
  let ended = false;
  failing.catch(() => {
    ended = true;
  });
  while (!ended) await passTime(clock, MINUTE);
  await assert.rejects(failing, { code: 'EEXIST' });
  assert.ok(existsSync(lock));
  assert.equal(readFileSync(file, 'utf8'), YAML);
});

test('writeStoredTokens leaves a file alone whose user has gone', async (t) => {
  const content = YAML.replace('name: jane', 'name: joan');
  const file = writeFile(t, content);
  await assert.rejects(
    writeStoredTokens({ file, user: 'jane' }, NEW, createFakeClock()),
    /"jane" is not in it/,
  );
  assert.equal(readFileSync(file, 'utf8'), content);
  assert.equal(await readStoredTokens({ file, user: 'jane' }), undefined);
});
