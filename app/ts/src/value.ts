/** What bits and numbers stand for. */

/** The bits of a set by their names. */
type Bits<N extends string> = { readonly [name in N]: number };

const PERMISSIONS = {
  EXECUTE_FUNCTIONS: 1,
  COMPOSE_FUNCTIONS: 2,
  READ_CROSS_SESSION: 4,
  WRITE_CROSS_SESSION: 8,
  WRITE_PROPERTIES: 16,
  SEND_MESSAGES: 32,
  INVITE_MEMBERS: 64,
  REMOVE_MEMBERS: 128,
  SPEND: 256,
} as const;

const SETTINGS = {
  AUTO_EXPIRE: 1,
  LOG_EXECUTION: 2,
  MONITOR_PERFORMANCE: 4,
  PAUSE_STOPS_CLOCK: 8,
  INVITE_ONLY: 16,
} as const;

const ACCESS_RIGHTS = { READ: 1, WRITE: 2 } as const;

/** What members of a session can be allowed to do. */
export type Permission = keyof typeof PERMISSIONS;
/** How a session behaves. */
export type Setting = keyof typeof SETTINGS;
/** What a session is granted in another. */
export type AccessRight = keyof typeof ACCESS_RIGHTS;

/** Every permission. */
export const ALL_PERMISSIONS: readonly Permission[] = Object.keys(PERMISSIONS) as Permission[];
/** Every setting. */
export const ALL_SETTINGS: readonly Setting[] = Object.keys(SETTINGS) as Setting[];
/** Every right that a session can be granted. */
export const ALL_ACCESS_RIGHTS: readonly AccessRight[] = Object.keys(ACCESS_RIGHTS) as AccessRight[];

function toBits<N extends string>(bits: Bits<N>, names: Iterable<N>): number {
  let sum = 0;
  for (const name of names) sum |= bits[name];
  return sum;
}

function fromBits<N extends string>(bits: Bits<N>, set: number): ReadonlySet<N> {
  return new Set((Object.keys(bits) as N[]).filter((name) => (set & bits[name]) !== 0));
}

/** Permissions as they are stored. */
export const permissionBits = (permissions: Iterable<Permission>): number => toBits(PERMISSIONS, permissions);
/** The permissions that are stored as `bits`; bits without a name are left out. */
export const permissionsOf = (bits: number): ReadonlySet<Permission> => fromBits(PERMISSIONS, bits);
/** Settings as they are stored. */
export const settingBits = (settings: Iterable<Setting>): number => toBits(SETTINGS, settings);
/** The settings that are stored as `bits`; bits without a name are left out. */
export const settingsOf = (bits: number): ReadonlySet<Setting> => fromBits(SETTINGS, bits);
/** Rights as they are stored. */
export const accessRightBits = (rights: Iterable<AccessRight>): number => toBits(ACCESS_RIGHTS, rights);
/** The rights that are stored as `bits`; bits without a name are left out. */
export const accessRightsOf = (bits: number): ReadonlySet<AccessRight> => fromBits(ACCESS_RIGHTS, bits);

/** Why a session was closed. Numbers from 16 to 255 are the application's own. */
export const CloseReason = {
  /** The session is not closed; for `abortSession`: by who signs and when. */
  None: 0,
  /** The authority closed it after use. */
  Completed: 1,
  /** The creator withdrew it before it was active, or the authority called it off. */
  Cancelled: 2,
  /** The host could not create or activate it. */
  Failed: 3,
  /** A step's deadline passed. */
  TimedOut: 4,
  /** Its time was over. */
  Expired: 5,
} as const;

/** A quota that limits nothing; as the amount of a withdrawal: all there is. */
export const UNLIMITED = 0xffff_ffff_ffff_ffffn;
/** A moment that never comes, in Unix seconds. */
export const NEVER = 0x7fff_ffff_ffff_ffffn;
/** A span without an end of its own, in seconds. */
export const NO_EXPIRY = 0xffff_ffff;
/** As permissions: all that the role has, or for a session key, all that the member has. */
export const ALL_OF_ROLE = 0xffff_ffff;
/** The most bytes that a message has. */
export const MAX_MESSAGE = 768;
/** The most bytes that a property's value has. */
export const MAX_VALUE = 704;

/** The date of a moment in Unix seconds; `null` if it has not come (0), or never does. */
export function dateOf(seconds: bigint): Date | null {
  if (seconds === 0n || seconds > 8_640_000_000_000n) return null;
  return new Date(Number(seconds) * 1_000);
}

/** The moment of a date in Unix seconds, rounded down. */
export function secondsOf(date: Date): bigint {
  return BigInt(Math.floor(date.getTime() / 1_000));
}
