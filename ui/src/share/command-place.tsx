import { createContext, useContext } from 'react';
import type { ClustersAnswer } from '../api/answers.ts';
import type { CommandPlace } from './hark-command.ts';

const ClustersContext = createContext<ClustersAnswer | undefined>(undefined);

/** Lets all below write commands that ask the server that the page came from. */
export const CommandClusters = ClustersContext;

/**
 * Where a command about some clusters is to read.
 *
 * @param uids of the clusters; none: of all
 */
export function useCommandPlace(...uids: readonly string[]): CommandPlace {
  return placeOf(useContext(ClustersContext), uids);
}

/** As `useCommandPlace`. A cluster is named where there are several and one of them is meant: `--context` takes no more. */
export function placeOf(clusters: ClustersAnswer | undefined, uids: readonly string[]): CommandPlace {
  const all = clusters?.clusters ?? [];
  const [only, ...others] = all.filter(({ uid, name }) => uids.includes(uid) || uids.includes(name));
  const isMeant = all.length > 1 && only !== undefined && others.length === 0;
  const isNamedAlone = all.filter(({ name }) => name === only?.name).length === 1;
  return {
    server: document.baseURI.replace(/[?#].*$/, '').replace(/\/[^/]*$/, ''),
    cluster: isMeant ? (isNamedAlone ? only.name : only.uid) : undefined,
  };
}
