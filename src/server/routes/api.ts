import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TSchema } from 'typebox';
import { failure } from '../schemas/parts.ts';

/** Where routes are added: their schemas give the types of what they are asked. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a route answers, for the description; its type is left open: answers are made by what the command line prints with. */
export function answers(schema: TSchema): Readonly<Record<string, unknown>> {
  return { 200: schema, '4xx': failure, '5xx': failure };
}
