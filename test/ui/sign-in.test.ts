import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createClock } from '../../src/lib/clock.ts';
import { wallClock } from '../../src/lib/time.ts';
import { connectTo } from '../api-server/connect-to.ts';
import { setUpAccess, startReviewer } from '../server/guarded-server.ts';
import { CLUSTER } from '../store/batches.ts';
import { openPage } from './open-browser.ts';
import { MIXED, servePages } from './serve-pages.ts';

const api = await startReviewer(CLUSTER.uid);
api.review({
  tokens: { 'token-alice': { username: 'alice' }, 'token-nobody': { username: 'nobody' } },
  allows: ({ user, namespace, resource }) =>
    user === 'alice' && namespace === 'shop' && resource === 'events',
});
const cluster = await connectTo(api, { clock: createClock(wallClock) });
const server = await servePages(MIXED, setUpAccess([cluster]));

test('the page asks who is there, says why a token is refused, and shows what its owner may see', async () => {
  const { page } = await openPage(server.url);
  const sign = async (token: string) => {
    await page.getByLabel('Token').fill(token);
    await page.getByRole('button', { name: 'Continue' }).click();
  };
  await page.getByText('one of yours in the cluster').waitFor();
  await sign('token-nobody');
  await page.getByText('"nobody" may list events in no namespace').waitFor();
  await sign('token-unknown');
  await page.getByText('That token is not known here').waitFor();
  await sign('token-alice');
  await page.locator('.row').first().waitFor();
  const text = await page.locator('body').innerText();
  assert.ok(text.includes('shop'));
  for (const name of ['payments', 'batch-jobs']) assert.equal(text.includes(name), false, name);
});
