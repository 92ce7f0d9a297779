import { HarkError } from '../lib/errors.ts';

/** What a cursor holds, by name: numbers, texts, lists of them. */
export type CursorContent = Readonly<Record<string, unknown>>;

/** A cursor as it is handed out: opaque, URL-safe. */
export function formatCursor(kind: string, content: CursorContent): string {
  return Buffer.from(JSON.stringify({ k: kind, ...content })).toString('base64url');
}

/** @throws HarkError `bad-cursor` when it was not handed out for such a question */
export function parseCursor(kind: string, text: string): CursorContent {
  try {
    const content = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as CursorContent;
    if (typeof content === 'object' && content !== null && content.k === kind) return content;
  } catch {
    // told below
  }
  throw badCursor(text);
}

export function badCursor(text: string): HarkError {
  return new HarkError('bad-cursor', `cursor "${text.slice(0, 80)}" was not handed out for this question`, {
    hint: 'Take `next` of the answer before as it is, or begin again without cursor.',
  });
}
