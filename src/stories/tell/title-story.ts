import { formatObject, type ObjectId } from '../../objects/object.ts';
import type { Trouble } from '../story.ts';
import { describeField } from './describe-change.ts';
import { walkDrafts } from './draft.ts';
import type { Episode } from './episode.ts';
import { isScaling } from './find-roots.ts';
import type { Plot } from './plot.ts';
import { sayStep } from './say-step.ts';

const MAX_TITLE = 240;

/** What began a story, in a few words. */
export function titleOf(plot: Plot, troubles: readonly Trouble[], owner: ObjectId | undefined): string {
  const title = sayTitle(plot, troubles, owner);
  return title.length <= MAX_TITLE ? title : `${title.slice(0, MAX_TITLE - 1)}…`;
}

function sayTitle(plot: Plot, troubles: readonly Trouble[], owner: ObjectId | undefined): string {
  const { root, episode, kind } = plot;
  const fromRoot = root?.change === undefined ? '' : titleOfRoot(plot);
  if (fromRoot !== '' && !(kind === 'run' && owner !== undefined))
    // Scaling leads nowhere back.
    return episode?.isBack === true && root !== undefined && !isScaling(root)
      ? `rolled back to ${episode.target}: ${fromRoot}`
      : fromRoot;
  if (kind === 'run') return owner === undefined ? 'run' : `run of ${formatObject(owner)}`;
  if (episode !== undefined) return titleOfEpisode(plot);
  if (kind === 'deletion') return 'Pods stopped';
  const replaced = kind === 'activity' ? countReplaced(plot) : 0;
  if (replaced > 0) return `${count(replaced)} replaced`;
  const main =
    troubles.find(({ severity, failure }) => severity === 'error' || failure === 'preempted') ?? troubles[0];
  if (kind === 'incident' && main !== undefined) return main.says;
  const [first] = walkDrafts(plot.drafts).filter((draft) => draft.atoms.length > 0);
  const [atom] = first?.atoms ?? [];
  return atom === undefined ? '' : sayStep(atom);
}

function countReplaced(plot: Plot): number {
  return walkDrafts(plot.drafts).filter((draft) => draft.atoms[0]?.claim?.does === 'creates').length;
}

function titleOfRoot({ root }: Plot): string {
  const change = root?.change;
  if (change?.type === 'created') return ['created', ...change.fields.map(describeField)].join(', ');
  if (change?.type === 'deleted' || change?.type === 'deleting')
    return change.object.kind === 'Namespace' ? `namespace ${change.object.name} deleted` : 'deleted';
  if (change?.type !== 'spec-changed') return '';
  return change.fields.map(describeField).join(', ') || 'spec changed';
}

function titleOfEpisode({ episode, kind }: Plot): string {
  if (episode === undefined) return '';
  if (episode.sizes !== undefined) {
    const { from, to } = episode.sizes;
    return from === undefined ? `scaled to ${to}` : `scaled from ${from} to ${to}`;
  }
  if (kind === 'rollout' && episode.target !== '')
    return episode.isBack ? `rollout back to ${episode.target}` : `rollout of ${episode.target}`;
  const made = countPods(episode, 'creates');
  const removed = countPods(episode, 'deletes');
  if (kind === 'rollout') return `rolling update of ${count(Math.max(made, removed))}`;
  if (removed > 0) return `${count(removed)} removed`;
  return `${count(made)} made`;
}

function countPods({ atoms }: Episode, does: 'creates' | 'deletes'): number {
  const pods = atoms.filter(({ claim }) => claim?.does === does && claim.kind === 'Pod');
  return new Set(pods.map(({ claim }) => claim?.name)).size;
}

function count(pods: number): string {
  return pods === 1 ? '1 Pod' : `${pods} Pods`;
}
