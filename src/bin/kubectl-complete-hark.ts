// kubectl runs this (as `kubectl_complete-hark`) to complete `kubectl hark …`: see src/commands/complete.ts. A Node too old for Hark completes nothing.
if (Number(process.versions.node.split('.')[0]) >= 24) {
  import('./start.ts').then((module) => module.start(['__complete'].concat(process.argv.slice(2))));
}
