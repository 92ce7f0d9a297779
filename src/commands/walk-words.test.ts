import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { declareGlobalOptions } from './global-options.ts';
import { splitCommandLine } from './run-hark.ts';
import { walkWords } from './walk-words.ts';

const parser = new Command();
declareGlobalOptions(parser, ['text']);

test('splitCommandLine finds the command behind flags and their values', () => {
  const split = (line: string) => splitCommandLine(line.split(' '));
  assert.deepEqual(split('events -A'), { name: 'events', args: ['-A'] });
  assert.deepEqual(split('-n shop events -w'), { name: 'events', args: ['-n', 'shop', '-w'] });
  assert.deepEqual(split('--from=events describe pod/x'), {
    name: 'describe',
    args: ['--from=events', 'pod/x'],
  });
  assert.deepEqual(split('-nshop -A --from - events'), {
    name: 'events',
    args: ['-nshop', '-A', '--from', '-'],
  });
  assert.deepEqual(split('-A -n events'), { name: undefined, args: ['-A', '-n', 'events'] });
});

test('walkWords reads flags in every way of writing them, and what is left', () => {
  const { flags, positionals, open, ended } = walkWords(
    ['-nshop', '--context=a=b', '-A', 'pod/x', '--unknown', '--from', '-', 'pod/y'],
    parser.options,
  );
  assert.deepEqual(flags, { namespace: 'shop', context: 'a=b', allNamespaces: true, from: '-' });
  assert.deepEqual(positionals, ['pod/x', 'pod/y']);
  assert.equal(open, undefined);
  assert.equal(ended, false);
});

test('walkWords tells which flag waits for its value, and that flags have ended', () => {
  assert.equal(walkWords(['-A', '-n'], parser.options).open?.long, '--namespace');
  const after = walkWords(['--', '-A'], parser.options);
  assert.deepEqual([after.ended, after.positionals, after.flags], [true, ['-A'], {}]);
});
