import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EXIT, HarkError } from '../lib/errors.ts';
import { EXIT_BUG, exitCodeOf, formatFailure } from './format-failure.ts';

test('formatFailure prints an expected failure as message, cause and hint, without a stack', () => {
  const error = new HarkError('cluster-unreachable', 'cannot reach "prod"', {
    exitCode: EXIT.unreachable,
    hint: 'Try: a\nOr: b',
    cause: new Error('connect ECONNREFUSED'),
  });
  assert.equal(
    formatFailure(error, 'hark', false),
    'hark: cannot reach "prod" (connect ECONNREFUSED)\n  Try: a\n  Or: b\n',
  );
  assert.equal(exitCodeOf(error), 3);
});

test('formatFailure does not repeat a cause that the message already tells', () => {
  const error = new HarkError('x', 'no: disk full', { cause: new Error('disk full') });
  assert.equal(formatFailure(error, 'hark', false), 'hark: no: disk full\n');
});

test('formatFailure calls anything else a bug, says how to report it, and keeps the stack for -v', () => {
  const quiet = formatFailure(new TypeError('x is undefined'), 'kubectl hark', false);
  assert.match(quiet, /^hark: this is a bug in Hark: TypeError: x is undefined\n/);
  assert.match(quiet, /report it.*kubectl hark version.*-v/);
  assert.doesNotMatch(quiet, /at .*\.ts/);
  assert.match(formatFailure(new TypeError('x'), 'hark', true), /format-failure\.test\.ts/);
  assert.equal(exitCodeOf(new TypeError('x')), EXIT_BUG);
});

test('formatFailure lets no escape sequence of a message reach the terminal', () => {
  const error = new HarkError('x', 'bad "\x1b[31m"', { hint: '\x1b[0m', cause: new Error('\x9b1m') });
  assert.equal(formatFailure(error, 'hark', false), 'hark: bad "^[[31m" (\\u009b1m)\n  ^[[0m\n');
});
