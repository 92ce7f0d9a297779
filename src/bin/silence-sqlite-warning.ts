/** Some releases of Node 24 warn that node:sqlite is experimental; Hark's users can do nothing about it. Every other warning stays. */
export function silenceSqliteWarning(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]) => {
    if (args[1] === 'ExperimentalWarning' && String(args[0]).includes('SQLite')) return;
    emit(...args);
  };
}
