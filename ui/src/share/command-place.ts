import { createContext, useContext } from 'react';
import type { ClustersAnswer } from '../api/answers.ts';
import { type CommandPlace, placeOf } from './hark-command.ts';

/** Which clusters there are, for all that writes commands. */
export const CommandClusters = createContext<ClustersAnswer | undefined>(undefined);

/**
 * Where a command about some clusters is to read: from the server that the page came from.
 *
 * @param uids of the clusters; none: of all
 */
export function useCommandPlace(...uids: readonly string[]): CommandPlace {
  return placeOf(document.baseURI, useContext(CommandClusters)?.clusters ?? [], uids);
}
