// Runs on any Node, however old, to say that it is too old: no import or export statements, nothing newer than import(), here.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    'hark: Hark needs Node.js 24 or newer, this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Get it from https://nodejs.org\n',
  );
  process.exitCode = 2;
} else {
  import('./start.ts').then((module) => module.start(process.argv.slice(2)));
}
