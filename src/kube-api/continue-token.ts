import type { Edge } from './read-state.ts';
import { badRequest } from './status.ts';

/** Where a list that is read part by part goes on. */
export interface ContinueToken {
  readonly walk: string;
  readonly place: number;
  readonly edge: Edge;
  /** It goes on though it is forgotten what was given before. */
  readonly isLoose: boolean;
}

export function formatContinue({ walk, place, edge, isLoose }: ContinueToken): string {
  const content = {
    v: 'hark/v1',
    walk,
    place,
    at: edge.at,
    count: edge.count,
    ...(isLoose && { loose: true }),
  };
  return Buffer.from(JSON.stringify(content)).toString('base64url');
}

/** @throws StatusError 400 */
export function parseContinue(token: string): ContinueToken {
  const content = decode(token);
  const { v, walk, place, at, count, loose } = content;
  const areNumbers = [place, at, count].every((one) => Number.isSafeInteger(one));
  if (v !== 'hark/v1' || typeof walk !== 'string' || !areNumbers)
    throw badToken('it was handed out for something else');
  const edge = { at: at as number, count: count as number };
  return { walk, place: place as number, edge, isLoose: loose === true };
}

function decode(token: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>;
  } catch {
    // told below
  }
  throw badToken('it is not one of this server');
}

function badToken(why: string) {
  return badRequest(`invalid continue token: continue key is not valid: ${why}`);
}
