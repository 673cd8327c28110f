/** Key files, as the Solana command line keeps them: a JSON array of the 64 bytes of a key pair. */
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { type Address, createKeyPairSignerFromBytes, isAddress, type KeyPairSigner } from '@solana/kit';
import { badArgument, Failed } from './failed.js';
import type { Host } from './host.js';

/** Who signs. */
export interface Keys {
  /** Who pays the fees and the rent. */
  readonly payer: KeyPairSigner;
  /** Who may write the buffer, and upgrade the program. The same object as the payer if it is the same key. */
  readonly authority: KeyPairSigner;
  /** The program's own key pair, if it is at hand. */
  readonly program: KeyPairSigner | null;
}

/** The bytes of a key pair: its secret, and its address behind that. */
const PAIR = 64;

/** The most bytes of a key file: far more than 64 numbers take. */
const MAX_BYTES = 4_096;

/** The text that a file begins with; the file is closed. */
function readStart(file: number): string {
  const bytes = Buffer.alloc(MAX_BYTES);
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < MAX_BYTES; length += read) {
      read = readSync(file, bytes, length, MAX_BYTES - length, null);
    }
    return bytes.toString('utf8', 0, length);
  } finally {
    if (file !== 0) closeSync(file);
  }
}

const invalid = (path: string, what: string): Failed =>
  new Failed(
    'KeyFileInvalid',
    `${path} cannot be used as a key file: ${what}`,
    'a key file is what `sessions keygen` or `solana-keygen new` writes: a JSON array of 64 numbers',
  );

function unreadable(path: string, error: NodeJS.ErrnoException): Failed {
  if (error.code === 'ENOENT') {
    const hint = `make it with \`sessions keygen ${path}\`, or name another with --keypair FILE`;
    return new Failed('KeyFileNotFound', `there is no key file ${path}`, hint);
  }
  if (error.code === 'EACCES') {
    const hint =
      "run this as the file's owner, or let this user read it with `chmod u+r`; or name another with --keypair FILE";
    return new Failed('KeyFileUnreadable', `the key file ${path} cannot be read: permission denied`, hint);
  }
  return invalid(path, error.code === 'EISDIR' ? 'it is a folder' : error.message);
}

/**
 * The key pair in the file at `path`, or in standard input if that is `-`.
 *
 * @throws Failed: KeyFileNotFound, KeyFileUnreadable, KeyFileInvalid, KeySourceUnsupported.
 */
export async function readKey(host: Host, path: string): Promise<KeyPairSigner> {
  if (/^(usb|prompt):\/\//.test(path)) {
    throw new Failed(
      'KeySourceUnsupported',
      `${JSON.stringify(path)} is no file, and this command signs with key files only`,
      'name a key file with --keypair; `sessions keygen FILE` makes one',
    );
  }
  let text: string;
  try {
    text = readStart(path === '-' ? 0 : openSync(host.resolve(path), 'r')).trim();
  } catch (error) {
    throw unreadable(path, error as NodeJS.ErrnoException);
  }
  const bytes = parse(path, text);
  try {
    return await createKeyPairSignerFromBytes(bytes);
  } catch {
    throw invalid(path, 'its second half is not the address of its first; the file is damaged');
  }
}

function parse(path: string, text: string): Uint8Array {
  if (isAddress(text)) throw invalid(path, 'it has an address, which cannot sign; name the file with the secret key');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid(path, 'it is no JSON');
  }
  if (!Array.isArray(value)) throw invalid(path, 'it is JSON, but no array of numbers');
  const isByte = (item: unknown) => Number.isInteger(item) && (item as number) >= 0 && (item as number) <= 255;
  if (!value.every(isByte)) throw invalid(path, 'its array has something else than bytes from 0 to 255');
  if (value.length === PAIR / 2)
    throw invalid(path, 'it has 32 bytes, half of a key pair: an address, or a secret without its address');
  if (value.length !== PAIR) throw invalid(path, `its array has ${value.length} bytes, and a key pair has 64`);
  return new Uint8Array(value as number[]);
}

/**
 * The keys of the wallet at `payer`, of the authority at `authority` if there is another, and of the program, whose address is what `program` says.
 *
 * @throws Failed: InvalidArgument, and as {@link readKey}.
 */
export async function readKeys(
  host: Host,
  given: {
    readonly payer: string;
    readonly authority: string | undefined;
    readonly program: string | undefined;
    /** The address if none is given. */
    readonly own: Address;
  },
): Promise<{ readonly keys: Keys; readonly address: Address }> {
  const payer = await readKey(host, given.payer);
  const other = given.authority === undefined ? payer : await readKey(host, given.authority);
  const authority = other.address === payer.address ? payer : other;
  const keys = { payer, authority, program: null };
  const { program = given.own as string } = given;
  if (isAddress(program)) return { keys, address: program };
  if (!existsSync(host.resolve(program))) {
    throw badArgument(
      `${JSON.stringify(program)} is neither an address nor a key file that is there`,
      'check --program-id',
    );
  }
  const key = await readKey(host, program);
  return { keys: { ...keys, program: key }, address: key.address };
}
