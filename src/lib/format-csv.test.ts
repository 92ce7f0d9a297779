import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatCsvRow } from './format-csv.ts';

test('formatCsvRow quotes what RFC 4180 says and nothing else', () => {
  assert.equal(
    formatCsvRow(['a b', 'c,d', 'say "x"', 'two\nlines', '', 3]),
    'a b,"c,d","say ""x""","two\nlines",,3\r\n',
  );
});

test('formatCsvRow takes the sting out of formulas but leaves numbers alone', () => {
  assert.equal(
    formatCsvRow(['=1+1', '+1', '-1', '@x', '\t=1', '＝1', -1, 'a=1']),
    "'=1+1,'+1,'-1,'@x,'\t=1,'＝1,-1,a=1\r\n",
  );
  assert.equal(formatCsvRow(['=HYPERLINK("http://x","y")']), `"'=HYPERLINK(""http://x"",""y"")"\r\n`);
});
