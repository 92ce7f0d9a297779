import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rememberAnswers } from './remember-answers.ts';

/** Answers with how often the key was asked for. */
function countAsked() {
  const asked = new Map<string, number>();
  return (key: string) => async () => {
    asked.set(key, (asked.get(key) ?? 0) + 1);
    return `${key}${asked.get(key)}`;
  };
}

test('rememberAnswers makes an answer anew when the record has changed', async () => {
  let version = 1;
  const [remember, make] = [rememberAnswers(() => version), countAsked()];
  const ask = (key: string) => remember(key, make(key));
  assert.deepEqual([await ask('a'), await ask('a'), await ask('b')], ['a1', 'a1', 'b1']);
  version = 2;
  assert.deepEqual([await ask('a'), await ask('a')], ['a2', 'a2']);
});

test('rememberAnswers does not keep what was made while the record changed', async () => {
  let version = 1;
  const [remember, make] = [rememberAnswers(() => version), countAsked()];
  const slow = async () => {
    const answer = await make('a')();
    version += 1;
    return answer;
  };
  assert.equal(await remember('a', slow), 'a1');
  assert.equal(await remember('a', make('a')), 'a2');
});

test('rememberAnswers forgets what was asked for longest ago when there is no room', async () => {
  const [remember, make] = [rememberAnswers(() => 1, 4), countAsked()];
  const ask = (key: string) => remember(key, make(key));
  assert.deepEqual([await ask('a'), await ask('b'), await ask('a')], ['a1', 'b1', 'a1']);
  assert.equal(await ask('c'), 'c1');
  assert.deepEqual([await ask('a'), await ask('b')], ['a1', 'b2']);
});
