import { existsSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { Api } from './api.ts';

/** @param folder the built user interface; undefined when there is none */
export async function pageRoutes(api: Api, folder: string | undefined): Promise<void> {
  if (folder !== undefined && existsSync(join(folder, 'index.html'))) {
    await api.register(staticFiles, {
      root: folder,
      cacheControl: false,
      setHeaders(response, path) {
        // Names of assets hold a digest of their content.
        if (/[\\/]assets[\\/]/.test(path))
          response.header('cache-control', 'public, max-age=31536000, immutable');
      },
    });
    return;
  }
  api.get('/', { schema: { hide: true } }, (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(NO_PAGES),
  );
}

const NO_PAGES = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Hark</title>
<h1>Hark is here, its user interface is not</h1>
<p>It has not been built in this checkout: <code>npm run build</code> builds it, then reload.</p>
<p>The API answers: <a href="/v1/stories">stories</a>, <a href="/v1/why">what is wrong</a>, <a href="/openapi.json">all of it</a>.</p>
</html>
`;
