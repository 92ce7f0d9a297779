import type { ReactNode } from 'react';
import type { ApiFailure } from '../api/fetch-json.ts';
import { Icon, type IconName } from './icons.tsx';

/** What a place says that has nothing to show: what is the case, why, and what to do about it. */
export function StateMessage(props: {
  icon: IconName;
  title: string;
  children?: ReactNode;
  alert?: boolean;
}) {
  return (
    <div className="state" role={props.alert ? 'alert' : undefined}>
      <Icon name={props.icon} className="icon-svg state-icon" />
      <h2>{props.title}</h2>
      {props.children}
    </div>
  );
}

/** A question that was not answered. */
export function FailureMessage({ failure, onRetry }: { failure: ApiFailure; onRetry: () => void }) {
  const { icon, title } = describe(failure);
  return (
    <StateMessage icon={icon} title={title} alert>
      <p>{failure.message}</p>
      {failure.hint !== '' && <p>{failure.hint}</p>}
      <button type="button" className="button" onClick={onRetry}>
        Try again
      </button>
    </StateMessage>
  );
}

function describe({ status, code }: ApiFailure): { icon: IconName; title: string } {
  if (status === 401) return { icon: 'lock', title: 'Who are you?' };
  if (status === 403) return { icon: 'lock', title: 'You may not see this' };
  if (code === 'unreachable') return { icon: 'plug', title: 'Hark does not answer' };
  return { icon: 'alert', title: 'That did not work' };
}
