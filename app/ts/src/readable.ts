/** What the layouts hold, as an application reads it: bits as sets, nobody as `null`, and nothing that only fills. */
import type { Address, ReadonlyUint8Array } from '@solana/kit';
import { SYSTEM_PROGRAM } from './address.js';
import { type AccessRight, accessRightsOf, type Permission, permissionsOf, type Setting, settingsOf } from './value.js';

/** Fields that fill a layout. */
type Filling = 'discriminator' | 'reserved' | 'padding';
/** Fields that hold permissions as bits. */
type PermissionField = 'permissions' | 'keyPermissions' | 'executing';
/** Fields in which an address of zeros says that there is none. */
type OptionalField = 'pendingAuthority' | 'sessionKey' | 'vault' | 'mint' | 'destination';

/** A layout as an application reads it. */
export type Readable<T> = {
  readonly [K in keyof T as Exclude<K, Filling>]: K extends PermissionField
    ? ReadonlySet<Permission>
    : K extends 'settings'
      ? ReadonlySet<Setting>
      : K extends OptionalField
        ? Address | null
        : K extends 'rights'
          ? T[K] extends number
            ? ReadonlySet<AccessRight>
            : Readable<T[K]>
          : Value<T[K]>;
};

type Value<V> = V extends string | number | bigint | boolean | ReadonlyUint8Array | readonly unknown[]
  ? V
  : Readable<V>;

const FILLING: ReadonlySet<string> = new Set<Filling>(['discriminator', 'reserved', 'padding']);
const OPTIONAL: ReadonlySet<string> = new Set<OptionalField>([
  'pendingAuthority',
  'sessionKey',
  'vault',
  'mint',
  'destination',
]);
const PERMISSION: ReadonlySet<string> = new Set<PermissionField>(['permissions', 'keyPermissions', 'executing']);

function value(name: string, found: unknown): unknown {
  if (typeof found === 'number') {
    if (PERMISSION.has(name)) return permissionsOf(found);
    if (name === 'settings') return settingsOf(found);
    if (name === 'rights') return accessRightsOf(found);
    return found;
  }
  if (OPTIONAL.has(name)) return found === SYSTEM_PROGRAM ? null : found;
  if (typeof found === 'object' && found !== null && !Array.isArray(found) && !ArrayBuffer.isView(found))
    return readable(found);
  return found;
}

/** A decoded layout as an application reads it. */
export function readable<T extends object>(layout: T): Readable<T> {
  const entries = Object.entries(layout).filter(([name]) => !FILLING.has(name));
  return Object.fromEntries(entries.map(([name, found]) => [name, value(name, found)])) as Readable<T>;
}
