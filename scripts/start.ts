// `npm start`: Hark from the source, where npm was called; without arguments, a first look at a cluster.
process.chdir(process.env.INIT_CWD ?? process.cwd());
if (process.argv.length === 2) {
  const { firstLook } = await import('./first-look.ts');
  process.argv.push(...(await firstLook()));
}
if (process.argv[2] === 'serve') {
  const { keepUiBuilt } = await import('./build-ui.ts');
  await keepUiBuilt();
}
await import('../src/bin/hark.ts');
