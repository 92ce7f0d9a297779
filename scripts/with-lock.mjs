import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetUpError, tell } from './basics.mjs';

/** Lets one set-up at a time work in this folder; the others wait. */
export async function withLock(work) {
  const lockFile = join(ROOT, '.set-up.lock');
  for (let told = false; !takeLock(lockFile); told = true) {
    if (!told) tell('Another set-up of this folder is running (.set-up.lock); waiting for it …');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => rmSync(lockFile, { force: true });
  process.on('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

function takeLock(lockFile) {
  try {
    const file = openSync(lockFile, 'wx');
    writeSync(file, String(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST')
      throw new SetUpError(`Setting up failed: can't write to "${ROOT}" (${error.code}).`);
  }
  if (!isAlive(Number(readFileSync(lockFile, 'utf8')))) rmSync(lockFile, { force: true });
  return false;
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
