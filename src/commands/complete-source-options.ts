import type { SourceOptions } from '../sources/open-source.ts';
import type { CompletionScope } from './complete-values.ts';

/** The flags so far that say where to read from. */
export function readSourceOptions({ flags }: CompletionScope): SourceOptions {
  const text = (name: string) => (typeof flags[name] === 'string' ? flags[name] : undefined);
  return {
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    namespace: text('namespace'),
    allNamespaces: flags.allNamespaces === true,
    from: text('from'),
    store: text('store'),
    server: text('server'),
    tokenFile: text('tokenFile'),
  };
}
