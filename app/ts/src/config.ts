/** What a creator chooses for a session, and limits, with everything that is left out. */

import type { Address } from '@solana/kit';
import { SYSTEM_PROGRAM } from './address.js';
import {
  type AllowanceTermsArgs,
  Kind,
  type QuotaArgs,
  type QuotasArgs,
  Role,
  type SessionConfigArgs,
  type TermsArgs,
} from './generated/types/index.js';
import {
  ALL_OF_ROLE,
  ALL_PERMISSIONS,
  type Permission,
  permissionBits,
  type Setting,
  settingBits,
  UNLIMITED,
} from './value.js';

/** A limit. What is left out is unlimited. */
export interface QuotaChoice {
  /** How much in a lifetime. */
  readonly limit?: number | bigint;
  /** How much in each window. */
  readonly windowLimit?: number | bigint;
  /** The window's length in seconds; needed with `windowLimit`. */
  readonly windowSeconds?: number | bigint;
}

/** Limits on what members do. What is left out is unlimited. */
export interface QuotasChoice {
  /** Acts. */
  readonly operations?: QuotaChoice;
  /** Units, which functions and other programs charge. */
  readonly units?: QuotaChoice;
  /** Bytes of property values and messages. */
  readonly bytes?: QuotaChoice;
}

/** A limit with everything that was left out. */
export function quota(choice: QuotaChoice = {}): QuotaArgs {
  return {
    limit: choice.limit ?? UNLIMITED,
    windowLimit: choice.windowLimit ?? UNLIMITED,
    windowSeconds: choice.windowSeconds ?? 0n,
  };
}

/** Limits with everything that was left out. */
export function quotas(choice: QuotasChoice = {}): QuotasArgs {
  return { operations: quota(choice.operations), units: quota(choice.units), bytes: quota(choice.bytes) };
}

/** What a creator chooses; the command line and the scenarios leave out the same things for the same values. Spans are in seconds. */
export interface SessionChoices {
  /** How many the session is for; a group. */
  readonly kind?: Kind;
  /** How many active members there can be; 16, or 2 if the session is point to point. */
  readonly maxMembers?: number;
  /** How long the session lasts from its activation on; an hour. */
  readonly maxDuration?: number;
  /** How long after its activation the session ends in any case; `maxDuration`. */
  readonly hardLimit?: number;
  /** How long each party has for its step; a minute. */
  readonly stepTimeout?: number;
  /** How long a created session waits for the start of its activation; 0: as for any step. */
  readonly activationWindow?: number;
  /** How long an invitation lasts that says nothing else; ten minutes. */
  readonly invitationTtl?: number;
  /** What members can be allowed to do at all; everything. */
  readonly permissions?: Iterable<Permission>;
  /** How the session behaves; no setting. */
  readonly settings?: Iterable<Setting>;
  /** Limits that all members share; none. */
  readonly quotas?: QuotasChoice;
}

/** The configuration with everything that was left out. */
export function sessionConfig(choices: SessionChoices = {}): SessionConfigArgs {
  const kind = choices.kind ?? Kind.Group;
  const maxDuration = choices.maxDuration ?? 3_600;
  return {
    kind,
    maxMembers: choices.maxMembers ?? (kind === Kind.PointToPoint ? 2 : 16),
    maxDuration,
    hardLimit: choices.hardLimit ?? maxDuration,
    stepTimeout: choices.stepTimeout ?? 60,
    activationWindow: choices.activationWindow ?? 0,
    invitationTtl: choices.invitationTtl ?? 600,
    permissions: permissionBits(choices.permissions ?? ALL_PERMISSIONS),
    settings: settingBits(choices.settings ?? []),
    quotas: quotas(choices.quotas),
  };
}

/** What is to be given to a member, with an invitation or a token. */
export interface TermsChoice {
  /** The role; member. */
  readonly role?: Role;
  /** Permissions, not wider than the giver's; the role's, as far as the giver has them. */
  readonly permissions?: Iterable<Permission>;
  /** How long the membership lasts, in seconds from now on; as long as the giver's. */
  readonly expiresIn?: number;
  /** Limits of the member's own; the giver's. */
  readonly quotas?: QuotasChoice;
}

/** Terms with everything that was left out. */
export function terms(choice: TermsChoice = {}): TermsArgs {
  return {
    role: choice.role ?? Role.Member,
    permissions: choice.permissions === undefined ? ALL_OF_ROLE : permissionBits(choice.permissions),
    expiresIn: choice.expiresIn ?? 0,
    quotas: quotas(choice.quotas),
  };
}

/** What an authority allows a member to take out of the vault. Amounts are in lamports, or in the mint's smallest parts. */
export interface AllowanceChoice extends QuotaChoice {
  /** How much in one call; unlimited. */
  readonly perCall?: number | bigint;
  /** The wallets that can be paid, at most four; any, and functions too. */
  readonly destinations?: readonly Address[];
}

/**
 * An allowance with everything that was left out.
 *
 * @throws RangeError if more than four destinations are listed.
 */
export function allowanceTerms(choice: AllowanceChoice = {}): AllowanceTermsArgs {
  const listed = choice.destinations ?? [];
  if (listed.length > 4)
    throw new RangeError(`an allowance lists at most 4 destinations, and this one ${listed.length}`);
  return {
    quota: quota(choice),
    perCall: choice.perCall ?? UNLIMITED,
    destinations: Array.from({ length: 4 }, (_, place) => listed[place] ?? SYSTEM_PROGRAM),
    destinationCount: listed.length,
  };
}
