import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainNpmFailure } from './run-npm.mjs';

test('explainNpmFailure blames the network when npm cannot reach its registry', () => {
  const output = [
    'npm http fetch GET https://registry.npmjs.org/yaml attempt 3 failed with ENOTFOUND',
    'npm error code ENOTFOUND',
    'npm error syscall getaddrinfo',
    'npm error errno ENOTFOUND',
    'npm error network request to https://registry.npmjs.org/yaml failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org',
    'npm error network This is a problem related to network connectivity.',
  ].join('\n');
  assert.equal(
    explainNpmFailure(output),
    `Setting up failed: npm can't reach its registry (ENOTFOUND: network request to https://registry.npmjs.org/yaml failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org). Check the network, or "npm config get registry", and run the same command again.`,
  );
});

test('explainNpmFailure blames the disk when npm cannot write', () => {
  const output =
    'npm ERR! code ENOSPC\nnpm ERR! syscall write\nnpm ERR! nospc ENOSPC: no space left on device, write';
  assert.match(
    explainNpmFailure(output),
    /^Setting up failed: npm can't write to ".*node_modules" or its cache \(ENOSPC: nospc ENOSPC: no space/,
  );
});

test('explainNpmFailure asks for npm when there is none', () => {
  assert.match(explainNpmFailure('spawn npm ENOENT'), /^Setting up needs npm, which is not on the PATH/);
});

test('explainNpmFailure quotes npm and says how to see all when it knows no better', () => {
  const output =
    'npm error code EUSAGE\nnpm error\nnpm error `npm ci` can only install packages when your lock file is in sync';
  assert.match(
    explainNpmFailure(output),
    /^Setting up failed: npm says "EUSAGE: `npm ci` can only install .*". To see all of it: cd ".*" && npm ci$/,
  );
  assert.match(explainNpmFailure('Killed\n'), /npm says "Killed"/);
});
