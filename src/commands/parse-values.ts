export { collectList, parseCount, parsePattern } from '../lib/parse-values.ts';
