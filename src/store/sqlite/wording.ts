/**
 * What a message says apart from what its Event already stores: `Created pod: podinfo-84b5bccbfd-rgb42` about ReplicaSet
 * podinfo-84b5bccbfd is the wording `Created pod: ‹name›-‹filling›` with the one filling `rgb42`. Messages that differ only in names,
 * numbers, addresses and random suffixes share a wording, which is stored once.
 */
export interface Worded {
  readonly wording: string;
  /** What to fill the gaps with, in order, each but the last followed by `MARK`; empty when there are none. */
  readonly fillings: string;
}

/** What messages repeat of their Event. */
export interface Surroundings {
  /** The Event's name up to its last dot: the name of the object. */
  readonly name: string;
  readonly namespace: string;
  /** Of the involved object. */
  readonly uid: string;
}

/** Before the letter of a gap in a wording, and between fillings. */
const MARK = '\u0001';
const NAME = `${MARK}n`;
const NAMESPACE = `${MARK}s`;
const UID = `${MARK}u`;
const FILLING = `${MARK}f`;
const LITERAL_MARK = `${MARK}!`;

const LETTER = 1;
const DIGIT = 2;
const JOINER = 3;
const QUOTE = 4;
const CLASSES = classifyAscii();

function classifyAscii(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 48; code < 58; code++) classes[code] = DIGIT;
  for (let code = 65; code < 91; code++) classes[code] = LETTER;
  for (let code = 97; code < 123; code++) classes[code] = LETTER;
  for (const joiner of '.-') classes[joiner.charCodeAt(0)] = JOINER;
  classes[34] = QUOTE;
  classes[1] = QUOTE + 1;
  return classes;
}

/** Takes a message apart; `fillWording` with the same surroundings gives it back to the letter. */
export function wordMessage(message: string, around: Surroundings): Worded {
  let wording = '';
  let fillings: string | undefined;
  let copied = 0;
  let quoted = false;

  function replace(from: number, to: number, gap: string, filling?: string): void {
    wording += message.slice(copied, from) + gap;
    if (filling !== undefined) fillings = fillings === undefined ? filling : fillings + MARK + filling;
    copied = to;
  }

  for (let at = 0; at < message.length; at++) {
    const kind = CLASSES[message.charCodeAt(at)];
    if (kind === undefined || kind === 0 || kind === JOINER) continue;
    if (kind === QUOTE) quoted = !quoted;
    else if (kind > QUOTE) replace(at, at + 1, LITERAL_MARK);
    else {
      const end = endOfToken(message, at);
      replaceToken(message, at, end, quoted, around, replace);
      at = end - 1;
    }
  }
  if (copied === 0) return { wording: message, fillings: '' };
  return { wording: wording + message.slice(copied), fillings: fillings ?? '' };
}

/** A token is letters and digits, with dots and dashes only inside. */
function endOfToken(message: string, start: number): number {
  let end = start + 1;
  for (let at = end; at < message.length; at++) {
    const kind = CLASSES[message.charCodeAt(at)];
    if (kind === LETTER || kind === DIGIT) end = at + 1;
    else if (kind !== JOINER) break;
  }
  return end;
}

type Replace = (from: number, to: number, gap: string, filling?: string) => void;

function replaceToken(
  message: string,
  from: number,
  to: number,
  quoted: boolean,
  around: Surroundings,
  replace: Replace,
): void {
  const own = ownPart(message, from, to, around);
  if (own === undefined) replaceVariable(message, from, to, quoted, replace);
  else {
    const end = from + own.length;
    replace(from, end, own.gap);
    if (end < to) replace(end + 1, to, FILLING, message.slice(end + 1, to));
  }
}

function ownPart(message: string, from: number, to: number, around: Surroundings) {
  const length = to - from;
  const { name, namespace, uid } = around;
  if (length >= name.length && name !== '' && message.startsWith(name, from)) {
    if (length === name.length || isJoined(message, from + name.length, to))
      return { gap: NAME, length: name.length };
  }
  if (length === namespace.length && message.startsWith(namespace, from)) return { gap: NAMESPACE, length };
  if (length === uid.length && message.startsWith(uid, from)) return { gap: UID, length };
  return undefined;
}

function isJoined(message: string, at: number, to: number): boolean {
  return at + 1 < to && CLASSES[message.charCodeAt(at)] === JOINER;
}

const ADDRESS = /^\d{1,3}(?:\.\d{1,3}){3}$/;
const LONG_HEX = /^[0-9a-f]{32,}$/;
const HEX_UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Kubernetes' random suffixes: its `rand.SafeEncodeString` alphabet. */
const RANDOM_SUFFIX = /-(?:[bcdfghjklmnpqrstvwxz2456789]{8,10}-)?[bcdfghjklmnpqrstvwxz2456789]{5}$/;

/** Outside of quotes whatever holds a digit varies; inside them are images and names, of which only these parts do. */
function replaceVariable(message: string, from: number, to: number, quoted: boolean, replace: Replace): void {
  if (!hasDigit(message, from, to)) return;
  const token = message.slice(from, to);
  const variesWhole = !quoted || ADDRESS.test(token) || HEX_UUID.test(token);
  const isHash = LONG_HEX.test(token) && !endsAt(message, from, 'sha256:');
  const suffix = token.search(RANDOM_SUFFIX);
  if (variesWhole || isHash) replace(from, to, FILLING, token);
  else if (suffix > 0) replace(from + suffix + 1, to, FILLING, token.slice(suffix + 1));
}

function endsAt(message: string, end: number, text: string): boolean {
  return end >= text.length && message.startsWith(text, end - text.length);
}

function hasDigit(message: string, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (CLASSES[message.charCodeAt(at)] === DIGIT) return true;
  return false;
}

/** A wording cut at its gaps, so that filling it many times is quick. */
export interface CutWording {
  readonly first: string;
  readonly rest: readonly { readonly gap: string; readonly text: string }[];
}

export function cutWording(wording: string): CutWording {
  const [first = '', ...rest] = wording.split(MARK);
  return { first, rest: rest.map((piece) => ({ gap: piece.charAt(0), text: piece.slice(1) })) };
}

/** The message again. */
export function fillWording(cut: CutWording, fillings: string, around: Surroundings): string {
  if (cut.rest.length === 0) return cut.first;
  const values = fillings.split(MARK);
  let next = 0;
  let message = cut.first;
  for (const { gap, text } of cut.rest) {
    if (gap === 'f') message += values[next++] ?? '';
    else message += valueOfGap(gap, around);
    message += text;
  }
  return message;
}

function valueOfGap(gap: string, around: Surroundings): string {
  if (gap === 'n') return around.name;
  if (gap === 's') return around.namespace;
  return gap === 'u' ? around.uid : MARK;
}
