/** The module of the cache and the rules: where its file is, and how it is compiled. */
import { CacheError } from './error.js';

/** What a caller may give in place of the file that comes with the package. */
export type ModuleSource = WebAssembly.Module | BufferSource | URL;

/** What is needed of Node, which cannot fetch files. It is asked for where it is there, so that nothing of it is imported where it is not. */
interface NodeLike {
  readonly process?: { getBuiltinModule?(name: 'node:fs/promises'): { readFile(file: URL): Promise<BufferSource> } };
}

const isBytes = (source: ModuleSource): source is BufferSource =>
  source instanceof ArrayBuffer || ArrayBuffer.isView(source);
const isUrl = (source: ModuleSource): source is URL => source instanceof URL;

/**
 * The compiled module: from the file of the package, which Node reads and a browser fetches from beside this one; or of what is given. Once compiled it can
 * be given to any number of caches, each of which has its own instance.
 *
 * @throws CacheError: `WrongModule` if it cannot be had, or is none.
 */
export async function cacheModule(
  source: ModuleSource = new URL('../../program/sessions.wasm', import.meta.url),
): Promise<WebAssembly.Module> {
  try {
    if (isBytes(source)) return await WebAssembly.compile(source);
    if (!isUrl(source)) return source;
    const files = (globalThis as NodeLike).process?.getBuiltinModule?.('node:fs/promises');
    if (source.protocol === 'file:' && files !== undefined)
      return await WebAssembly.compile(await files.readFile(source));
    const response = await fetch(source);
    if (!response.ok) throw new Error(`${source.href} answers ${response.status}`);
    // A browser compiles while it loads, but only what is served as what it is.
    return response.headers.get('content-type')?.startsWith('application/wasm') === true
      ? await WebAssembly.compileStreaming(response)
      : await WebAssembly.compile(await response.arrayBuffer());
  } catch (thrown) {
    throw new CacheError('WrongModule', { reason: thrown instanceof Error ? thrown.message : String(thrown) }, thrown);
  }
}
