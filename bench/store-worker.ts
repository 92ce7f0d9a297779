import { tellThreadCpu } from './thread-cpu.ts';

// The thread in which a listener writes its store, measured.
await import('../src/bin/store-worker.ts');
tellThreadCpu();
