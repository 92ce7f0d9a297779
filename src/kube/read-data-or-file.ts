import { readFile } from 'node:fs/promises';
import { HarkError } from '../lib/errors.ts';

/** The bytes of base64 data, else of a file, else undefined, as kubeconfigs offer both of everything. */
export async function readDataOrFile(data: string, file: string, what: string): Promise<Buffer | undefined> {
  if (data !== '') return Buffer.from(data, 'base64');
  return file === '' ? undefined : await readNamedFile(file, what);
}

/**
 * The bytes of a file that a kubeconfig names.
 *
 * @throws HarkError `credentials` when it cannot be read
 */
export async function readNamedFile(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new HarkError('credentials', `cannot read the ${what} "${file}": ${(error as Error).message}`, {
      hint: 'The kubeconfig names this file: kubectl config view',
      cause: error,
    });
  }
}
