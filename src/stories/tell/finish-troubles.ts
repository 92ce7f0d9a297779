import type { ObjectId } from '../../objects/object.ts';
import type { Trouble } from '../story.ts';
import type { Atom } from './atom.ts';
import { type Draft, stepIdOf } from './draft.ts';
import type { OpenTrouble } from './follow-matters.ts';
import { readFailure } from './read-failure.ts';
import { weighTrouble } from './weigh-trouble.ts';

/** Says what went wrong in a trouble: what of it, since when, the first error in full and the latest. */
export function finishTrouble(trouble: OpenTrouble, drafts: readonly Draft[]): Trouble | undefined {
  const telling = trouble.atoms.filter((atom) => !atom.reason.echo);
  const told = telling.length > 0 ? telling : trouble.atoms;
  const [first, last] = [told[0], told.at(-1)];
  const [begun, latest] = [trouble.atoms[0], trouble.atoms.at(-1)];
  if (first === undefined || last === undefined || begun === undefined || latest === undefined)
    return undefined;
  const firstError =
    (onlyBacksOff(trouble) ? trouble.ends[0]?.message : firstErrorOf(trouble)?.message) ?? first.message;
  const lastError = onlyBacksOff(trouble)
    ? (trouble.ends.at(-1)?.message ?? '')
    : (told.findLast((atom) => atom.reason.reason === firstErrorOf(trouble)?.reason.reason)?.message ?? '');
  return {
    ...readFailure(trouble),
    means: first.reason.means,
    next: fillNext(first),
    object: first.object,
    container: trouble.container,
    related: relatedTo(first),
    firstError,
    firstAt: begun.at,
    lastError: lastError === firstError ? '' : lastError,
    lastAt: latest.at,
    count: told.reduce((sum, atom) => sum + atom.count, 0),
    endedAt: trouble.endedAt,
    ended: trouble.ended,
    severity: weighTrouble(trouble),
    steps: drafts.map((draft) => stepIdOf(draft)),
    setOffBy: undefined,
    mendedBy: undefined,
  };
}

function relatedTo({ event, object }: Atom): ObjectId | undefined {
  if (event?.related === undefined || event.related.name === '') return undefined;
  const { apiVersion, kind, namespace, name, uid } = event.related;
  return { cluster: object.cluster, apiVersion, kind, namespace, name, uid };
}

function fillNext({ reason, object, container, host }: Atom): string {
  if (reason.next === undefined) return '';
  const values: Readonly<Record<string, string>> = {
    namespace: object.namespace,
    name: object.name,
    kind: object.kind.toLowerCase(),
    container,
    host,
  };
  return reason.next.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
}

/** The error that tells most: what ended a container rather than that it is not restarted at once. */
function firstErrorOf(trouble: OpenTrouble): Atom | undefined {
  return (
    trouble.atoms.find((atom) => !atom.reason.echo && !isBackOff(atom.reason.reason)) ??
    trouble.atoms.find((atom) => !atom.reason.echo)
  );
}

/** Nothing failed by itself: a container that ends well, again and again. */
function onlyBacksOff(trouble: OpenTrouble): boolean {
  return (
    trouble.ends.length > 0 &&
    trouble.atoms.every((atom) => atom.reason.echo === true || isBackOff(atom.reason.reason))
  );
}

function isBackOff(reason: string): boolean {
  return reason === 'BackOff';
}
