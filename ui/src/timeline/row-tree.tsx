import { type KeyboardEvent, memo } from 'react';
import { Icon } from '../shell/icons.tsx';
import type { RowMetrics } from './row-metrics.ts';
import type { TimelineRow } from './timeline-data.ts';

interface RowTreeProps {
  readonly rows: readonly TimelineRow[];
  readonly metrics: RowMetrics;
  /** The rows that are seen, as indexes. */
  readonly first: number;
  readonly end: number;
  /** The row that has the focus, or would get it. */
  readonly active: number;
  readonly onActivate: (row: number) => void;
  readonly onToggle: (row: TimelineRow) => void;
  /** Into what happened in the row. */
  readonly onEnter: (row: number) => void;
}

/** The names of the rows: a tree, as assistive technology knows it. Only what is seen is there. */
export const RowTree = memo(function RowTree(props: RowTreeProps) {
  const { rows, metrics, first, end, active } = props;
  const seen = rows.slice(first, end).map((row, index) => ({ row, index: first + index }));
  return (
    <div
      className="rows"
      role="tree"
      aria-label="What happened to"
      style={{ height: rows.length * metrics.height }}
    >
      {seen.map(({ row, index }) => (
        <RowLabel
          key={row.id}
          row={row}
          index={index}
          isActive={index === active}
          isFirst={index === Math.max(0, active)}
          {...props}
        />
      ))}
    </div>
  );
});

function RowLabel(
  props: RowTreeProps & { row: TimelineRow; index: number; isActive: boolean; isFirst: boolean },
) {
  const { row, index, metrics, isActive, isFirst, onActivate, onToggle } = props;
  const { kind, namespace } = row.object;
  const name = row.object.name === '' ? row.label : row.object.name;
  return (
    <div
      role="treeitem"
      aria-level={row.depth + 1}
      aria-expanded={row.hasChildren ? row.isOpen : undefined}
      aria-selected={isActive}
      tabIndex={isFirst ? 0 : -1}
      data-row={index}
      className="row"
      style={{
        top: index * metrics.height,
        height: metrics.height,
        paddingLeft: `calc(6px + ${row.depth} * var(--indent))`,
      }}
      title={`${kind} ${name}${namespace === '' ? '' : ` in ${namespace}`}${row.story === null ? '' : `: ${row.label}`}`}
      onClick={() => {
        onActivate(index);
        if (row.hasChildren) onToggle(row);
      }}
      onFocus={() => onActivate(index)}
      onKeyDown={(event) => onRowKey(event, props)}
    >
      {row.story === null && (
        <span className="fold" data-open={row.isOpen}>
          {row.hasChildren && <Icon name="chevron" />}
        </span>
      )}
      <span className="kind">{shortKind(kind)}</span>
      <span className="name">
        <span className="start">{row.story === null ? name.slice(0, -6) : `${name} · ${row.label}`}</span>
        {row.story === null && <span className="tail">{name.slice(-6)}</span>}
      </span>
      {row.depth === 0 && row.story === null && namespace !== '' && (
        <span className="space">{namespace}</span>
      )}
      {row.warnings > 0 && (
        <span className="badge warning">
          {row.warnings.toLocaleString('en')}
          <span className="hidden"> warnings</span>
        </span>
      )}
    </div>
  );
}

function onRowKey(
  event: KeyboardEvent<HTMLElement>,
  props: RowTreeProps & { row: TimelineRow; index: number },
): void {
  const { row, index, rows, onToggle, onEnter } = props;
  const go = (to: number) => focusRow(event.currentTarget, Math.max(0, Math.min(rows.length - 1, to)), props);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'ArrowDown') go(index + 1);
  else if (event.key === 'ArrowUp') go(index - 1);
  else if (event.key === 'Home') go(0);
  else if (event.key === 'End') go(rows.length - 1);
  else if (event.key === 'ArrowRight' && row.hasChildren && !row.isOpen) onToggle(row);
  else if (event.key === 'ArrowRight' && row.isOpen) go(index + 1);
  else if (event.key === 'ArrowLeft' && row.isOpen) onToggle(row);
  else if (event.key === 'ArrowLeft') go(parentOf(rows, index));
  else if (event.key === ' ' && row.hasChildren) onToggle(row);
  else if (event.key === 'Enter') onEnter(index);
  else return;
  event.preventDefault();
}

function parentOf(rows: readonly TimelineRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0;
  for (let above = index - 1; above >= 0; above--) if ((rows[above]?.depth ?? 0) < depth) return above;
  return index;
}

/** The row may have to be scrolled into being first. */
function focusRow(from: HTMLElement, row: number, { onActivate }: RowTreeProps): void {
  onActivate(row);
  const tree = from.parentElement;
  requestAnimationFrame(() =>
    requestAnimationFrame(() =>
      tree?.querySelector<HTMLElement>(`[data-row="${row}"]`)?.focus({ preventScroll: true }),
    ),
  );
}

const SHORT: Readonly<Record<string, string>> = {
  Deployment: 'Deploy',
  ReplicaSet: 'RS',
  StatefulSet: 'Sts',
  DaemonSet: 'DS',
  ReplicationController: 'RC',
  CronJob: 'Cron',
  Namespace: 'NS',
  PersistentVolumeClaim: 'PVC',
  PersistentVolume: 'PV',
  HorizontalPodAutoscaler: 'HPA',
  PodDisruptionBudget: 'PDB',
  ConfigMap: 'CM',
  Service: 'Svc',
  Ingress: 'Ing',
};

/** Of a kind's name what fits beside others: `RS` as kubectl has it, or its beginning. */
function shortKind(kind: string): string {
  return SHORT[kind] ?? (kind.length > 7 ? `${kind.slice(0, 6)}…` : kind);
}
