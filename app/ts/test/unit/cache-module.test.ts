/** Where the module of the cache comes from. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cacheModule } from '../../src/cache/index.js';

const FILE = new URL('../../../wasm/artifact/sessions.wasm', import.meta.url);

const exportsOf = (module: WebAssembly.Module) => WebAssembly.Module.exports(module).map(({ name }) => name);

test('it is the file beside the package, which imports nothing', async () => {
  const module = await cacheModule();
  expect(WebAssembly.Module.imports(module)).toEqual([]);
  expect(exportsOf(module)).toContain('sessions_call');
});

test('it is what a caller has, compiled or as bytes', async () => {
  const module = await cacheModule(readFileSync(FILE));
  expect(exportsOf(module)).toContain('sessions_call');
  expect(await cacheModule(module)).toBe(module);
});

test.each(['application/wasm', 'application/octet-stream'])('it is fetched, served as %s', async (type) => {
  const server = createServer((request, response) => {
    if (request.url === '/sessions.wasm') response.setHeader('content-type', type).end(readFileSync(FILE));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(exportsOf(await cacheModule(new URL('/sessions.wasm', base)))).toContain('sessions_call');
  await expect(cacheModule(new URL('/elsewhere.wasm', base))).rejects.toMatchObject({
    name: 'WrongModule',
    message: expect.stringContaining('404'),
  });
});
