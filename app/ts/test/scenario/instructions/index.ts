/** What `do:` can name. */
import type { Read } from './common.js';
import { content } from './content.js';
import { functions } from './functions.js';
import { lifecycle } from './lifecycle.js';
import { membership } from './membership.js';
import { tokens } from './tokens.js';
import { vault } from './vault.js';

const ALL: Readonly<Record<string, Read>> = {
  ...lifecycle,
  ...membership,
  ...content,
  ...vault,
  ...functions,
  ...tokens,
};

const SHORT: Readonly<Record<string, string>> = { execute: 'execute_function', compose: 'compose_functions' };

/** The instruction with this name, by its long name; what the runner does not know is an error. */
export function instruction(name: string): { readonly name: string; readonly read: Read } {
  const long = SHORT[name] ?? name;
  const read = ALL[long];
  if (read === undefined) throw new Error(`the runner does not know the instruction ${name}`);
  return { name: long, read };
}
