// `npm run bench`, `npm run bench -- NAME…`: measures Hark; docs/benchmarks.md says against what.
import '../bench/run.ts';
