import type { UserConfig } from 'vite';

/** Everything in files of their own, none inline: the server's Content-Security-Policy allows nothing else. */
const config: UserConfig = {
  root: import.meta.dirname,
  // Relative, so that it works behind a proxy that puts it under a path.
  base: './',
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2024',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: 'THIRD-PARTY-LICENSES.txt' },
  },
};

// biome-ignore lint/style/noDefaultExport: Vite asks for it
export default config;
