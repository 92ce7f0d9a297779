import { parentPort, workerData } from 'node:worker_threads';
import { silenceSqliteWarning } from './silence-sqlite-warning.ts';

// The thread in which a listener writes its store.
silenceSqliteWarning();
const { serveStore } = await import('../listen/serve-store.ts');
if (parentPort !== null) serveStore(parentPort, workerData);
