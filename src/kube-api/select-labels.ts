import { badRequest } from './status.ts';

type Token = { readonly type: 'word' | 'sign' | 'end' | 'wrong'; readonly text: string };

type Labels = Readonly<Record<string, string>>;
type Test = (labels: Labels) => boolean;

/** The signs that there are, longest first. */
const SIGNS = ['==', '!=', '=', '!', '(', ')', ',', '>', '<'];
const OPERATORS = 'in, notin, =, ==, !=, gt, lt';

/**
 * Reads a label selector: `a=b`, `a!=b`, `a in (b,c)`, `a notin (b)`, `a`, `!a`, `a>1`, joined by commas.
 * (k8s.io/apimachinery `pkg/labels` Parse, with its words for what is wrong.)
 *
 * @throws StatusError 400
 */
export function parseLabelSelector(selector: string): Test {
  const tokens = readTokens(selector);
  const tests: Test[] = [];
  const peek = () => tokens[0] ?? END;
  const next = () => tokens.shift() ?? END;

  for (;;) {
    const token = peek();
    if (token.type === 'end') break;
    if (token.type !== 'word' && token.text !== '!')
      throw badRequest(`found '${token.text}', expected: !, identifier, or 'end of string'`);
    tests.push(readRequirement(peek, next));
    const after = next();
    if (after.type === 'end') break;
    if (after.text !== ',' || after.type !== 'sign')
      throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
    const following = peek();
    if (following.type !== 'word' && following.text !== '!')
      throw badRequest(`found '${following.text}', expected: identifier after ','`);
  }
  return (labels) => tests.every((test) => test(labels));
}

const END: Token = { type: 'end', text: '' };

function readTokens(selector: string): Token[] {
  const tokens: Token[] = [];
  for (const [text] of selector.matchAll(/[=!(),><]+|[^=!(),><\s]+/g)) {
    if (!/^[=!(),><]/.test(text)) tokens.push({ type: 'word', text });
    else tokens.push(...readSigns(text));
  }
  return tokens;
}

function readSigns(text: string): Token[] {
  const tokens: Token[] = [];
  for (let rest = text; rest !== ''; ) {
    const sign = SIGNS.find((one) => rest.startsWith(one));
    if (sign === undefined) return [...tokens, { type: 'wrong', text: rest }];
    tokens.push({ type: 'sign', text: sign });
    rest = rest.slice(sign.length);
  }
  return tokens;
}

function readRequirement(peek: () => Token, next: () => Token): Test {
  const fail = (text: string) => badRequest(`unable to parse requirement: ${text}`);
  let token = next();
  const isNegated = token.type === 'sign';
  if (isNegated) token = next();
  if (token.type !== 'word') throw fail(`found '${token.text}', expected: identifier`);
  const key = token.text;
  const wrong = judgeKey(key);
  if (wrong !== undefined) throw fail(`key: Invalid value: ${JSON.stringify(key)}: ${wrong}`);
  if (isNegated) return (labels) => !Object.hasOwn(labels, key);
  if (isEnd(peek())) return (labels) => Object.hasOwn(labels, key);
  const operator = next();
  if (operator.text === 'in' || operator.text === 'notin') {
    const values = readValues(peek, next, fail);
    checkValues(key, [...values], fail);
    const wanted = operator.text === 'in';
    return (labels) => (Object.hasOwn(labels, key) && values.has(labels[key] ?? '')) === wanted;
  }
  if (operator.type !== 'sign' || !['=', '==', '!=', '>', '<'].includes(operator.text))
    throw fail(`found '${operator.text}', expected: ${OPERATORS}`);
  return readComparison(key, operator.text, readValue(peek, next, fail), fail);
}

function isEnd({ type, text }: Token): boolean {
  return type === 'end' || (type === 'sign' && text === ',');
}

type Fail = (text: string) => Error;

function readComparison(key: string, operator: string, value: string, fail: Fail): Test {
  if (operator === '>' || operator === '<') {
    if (!/^[+-]?\d+$/.test(value))
      throw fail(
        `values[0][${key}]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    const limit = BigInt(value.replace(/^\+/, ''));
    return (labels) => {
      const label = Object.hasOwn(labels, key) ? (labels[key] ?? '') : '';
      if (!/^[+-]?\d+$/.test(label)) return false;
      const number = BigInt(label.replace(/^\+/, ''));
      return operator === '>' ? number > limit : number < limit;
    };
  }
  checkValues(key, [value], fail);
  const wanted = operator !== '!=';
  return (labels) => (Object.hasOwn(labels, key) && labels[key] === value) === wanted;
}

function readValue(peek: () => Token, next: () => Token, fail: Fail): string {
  if (isEnd(peek())) return '';
  const token = next();
  if (token.type !== 'word') throw fail(`found '${token.text}', expected: identifier`);
  return token.text;
}

/** `(a,b)`; `(,)` holds the empty value. */
function readValues(peek: () => Token, next: () => Token, fail: Fail): Set<string> {
  const values = new Set<string>();
  const open = next();
  if (open.text !== '(') throw fail(`found '${open.text}' expected: '('`);
  const first = peek();
  if (first.text === ')') {
    next();
    return values.add('');
  }
  if (first.type !== 'word' && first.text !== ',')
    throw fail(`found '${first.text}', expected: ',', ')' or identifier`);
  for (let before = ','; ; ) {
    const token = next();
    if (token.type === 'word' && before === ',') {
      values.add(token.text);
      const after = peek();
      if (after.text !== ',' && after.text !== ')') throw fail(`found '${after.text}', expected: ',' or ')'`);
    } else if (token.text === ',' || token.text === ')') {
      if (before === ',') values.add('');
      if (token.text === ')') return values;
    } else throw fail(`found '${token.text}', expected: ',', or identifier`);
    before = token.text;
  }
}

function checkValues(key: string, values: readonly string[], fail: Fail): void {
  for (const [index, value] of values.entries()) {
    const wrong = judgeValue(value);
    if (wrong !== undefined)
      throw fail(`values[${index}][${key}]: Invalid value: ${JSON.stringify(value)}: ${wrong}`);
  }
}

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const DOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

/** (k8s.io/apimachinery `pkg/util/validation` IsQualifiedName.) */
function judgeKey(key: string): string | undefined {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const [prefix] = parts.length === 2 ? parts : [];
  if (parts.length > 2)
    return `a qualified name ${NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  const wrong: string[] = [];
  if (prefix === '') wrong.push('prefix part must be non-empty');
  else if (prefix !== undefined && !(prefix.length <= 253 && DOMAIN.test(prefix)))
    wrong.push(`prefix part ${DOMAIN_RULE}`);
  if (name === '') wrong.push('name part must be non-empty');
  else if (name.length > 63) wrong.push('name part must be no more than 63 characters');
  if (!NAME.test(name)) wrong.push(`name part ${NAME_RULE}`);
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

const DOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function judgeValue(value: string): string | undefined {
  const wrong: string[] = [];
  if (value.length > 63) wrong.push('must be no more than 63 characters');
  if (value !== '' && !NAME.test(value)) wrong.push(VALUE_RULE);
  return wrong.length === 0 ? undefined : wrong.join('; ');
}

const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
