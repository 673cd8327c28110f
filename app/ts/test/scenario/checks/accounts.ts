/** The fields that can be checked of each account, in the order in which they are told. */
import * as s from '../../../src/index.js';
import type { Value } from '../document.js';
import * as k from './kinds.js';

/** A field: how its expected value is told, and what is found in an account. */
export interface Field {
  readonly expected: (value: Value, around: k.Around) => Promise<string>;
  /** @throws SessionsError if the account is not there, or of another layout. */
  readonly found: (snapshot: s.Snapshot, around: k.Around) => string;
}

/** Makes a field of an account: of this kind, and this of the account. */
type Of<A> = <T>(kind: k.Kind<T>, get: (account: A) => T) => Field;

/** The fields of an account that is read by `read`. */
function fields<A>(
  read: (snapshot: s.Snapshot) => A,
  make: (of: Of<A>) => Readonly<Record<string, Field>>,
): ReadonlyMap<string, Field> {
  const of: Of<A> = (kind, get) => ({
    expected: async (value, around) => kind.show(await kind.read(value, around), around),
    found: (snapshot, around) => kind.show(get(read(snapshot)), around),
  });
  return new Map(Object.entries(make(of)));
}

/** What every account has. */
interface Held {
  readonly header: s.Session['header'];
}

const paid = (of: Of<Held>) => of(k.ADDRESS, ({ header }) => header.payer);

const head = (of: Of<Held>, version = 'version') => ({
  epoch: of(k.NUMBER, ({ header }) => header.epoch),
  revision: of(k.NUMBER, ({ header }) => header.revision),
  event_revision: of(k.NUMBER, ({ header }) => header.eventRevision),
  [version]: of(k.NUMBER, ({ header }) => header.version),
  bump: of(k.NUMBER, ({ header }) => header.bump),
});

export const SESSION = fields(s.readSession, (of) => ({
  status: of(k.STATUS, ({ status }) => status),
  kind: of(k.KIND, ({ config }) => config.kind),
  close_reason: of(k.REASON, ({ closeReason }) => closeReason),
  members: of(k.NUMBER, ({ members }) => members),
  children: of(k.NUMBER, ({ children }) => children),
  id: of(k.ID, ({ id }) => id),
  creator: of(k.ADDRESS, ({ creator }) => creator),
  authority: of(k.ADDRESS, ({ authority }) => authority),
  pending_authority: of(k.ADDRESS, ({ pendingAuthority }) => pendingAuthority),
  host: of(k.ADDRESS, ({ host }) => host),
  payer: paid(of),
  metadata: of(k.HASH, ({ metadata }) => metadata),
  max_members: of(k.NUMBER, ({ config }) => config.maxMembers),
  max_duration: of(k.SECONDS, ({ config }) => config.maxDuration),
  hard_limit: of(k.SECONDS, ({ config }) => config.hardLimit),
  step_timeout: of(k.SECONDS, ({ config }) => config.stepTimeout),
  activation_window: of(k.SECONDS, ({ config }) => config.activationWindow),
  invitation_ttl: of(k.SECONDS, ({ config }) => config.invitationTtl),
  permissions: of(k.PERMISSIONS, ({ config }) => config.permissions),
  settings: of(k.SETTINGS, ({ config }) => config.settings),
  quotas: of(k.QUOTAS, ({ config }) => config.quotas),
  usage: of(k.USAGE, ({ usage }) => usage),
  requested_at: of(k.MOMENT, ({ requestedAt }) => requestedAt),
  created_at: of(k.MOMENT, ({ createdAt }) => createdAt),
  activated_at: of(k.MOMENT, ({ activatedAt }) => activatedAt),
  paused_at: of(k.MOMENT, ({ pausedAt }) => pausedAt),
  closed_at: of(k.MOMENT, ({ closedAt }) => closedAt),
  expires_at: of(k.MOMENT, ({ expiresAt }) => expiresAt),
  hard_end: of(k.MOMENT, ({ hardEnd }) => hardEnd),
  step_deadline: of(k.MOMENT, ({ stepDeadline }) => stepDeadline),
  property_version: of(k.NUMBER, ({ propertyVersion }) => propertyVersion),
  message_sequence: of(k.NUMBER, ({ messageSequence }) => messageSequence),
  message_head: of(k.HASH, ({ messageHead }) => messageHead),
  checkpoint_sequence: of(k.NUMBER, ({ checkpointSequence }) => checkpointSequence),
  checkpoint_root: of(k.HASH, ({ checkpointRoot }) => checkpointRoot),
  vault: of(k.ADDRESS, ({ vault }) => vault),
  executions: of(k.NUMBER, ({ executions }) => executions),
  compute_units: of(k.NUMBER, ({ computeUnits }) => computeUnits),
  last_active_at: of(k.MOMENT, ({ lastActiveAt }) => lastActiveAt),
  ...head(of),
  vault_bump: of(k.NUMBER, ({ vaultBump }) => vaultBump),
}));

export const MEMBER = fields(s.readMember, (of) => ({
  status: of(k.MEMBER_STATUS, ({ status }) => status),
  role: of(k.ROLE, ({ rights }) => rights.role),
  permissions: of(k.PERMISSIONS, ({ rights }) => rights.permissions),
  expires_at: of(k.MOMENT, ({ rights }) => rights.expiresAt),
  quotas: of(k.QUOTAS, ({ rights }) => rights.quotas),
  usage: of(k.USAGE, ({ usage }) => usage),
  wallet: of(k.ADDRESS, ({ wallet }) => wallet),
  session_key: of(k.ADDRESS, ({ sessionKey }) => sessionKey),
  key_permissions: of(k.PERMISSIONS, ({ keyPermissions }) => keyPermissions),
  key_expires_at: of(k.MOMENT, ({ keyExpiresAt }) => keyExpiresAt),
  starts_at: of(k.MOMENT, ({ startsAt }) => startsAt),
  join_revision: of(k.NUMBER, ({ joinRevision }) => joinRevision),
  gone_revision: of(k.NUMBER, ({ goneRevision }) => goneRevision),
  executions: of(k.NUMBER, ({ executions }) => executions),
  compute_units: of(k.NUMBER, ({ computeUnits }) => computeUnits),
  last_active_at: of(k.MOMENT, ({ lastActiveAt }) => lastActiveAt),
  payer: paid(of),
  ...head(of),
}));

/** What an invitation and a token have in common. */
interface Offered extends Held {
  readonly offer: s.Invitation['offer'];
}

const offered = (of: Of<Offered>) => ({
  inviter: of(k.ADDRESS, ({ offer }) => offer.inviter),
  inviter_join_revision: of(k.NUMBER, ({ offer }) => offer.inviterJoinRevision),
  session_revision: of(k.NUMBER, ({ offer }) => offer.sessionRevision),
  expires_at: of(k.MOMENT, ({ offer }) => offer.expiresAt),
  role: of(k.ROLE, ({ offer }) => offer.rights.role),
  permissions: of(k.PERMISSIONS, ({ offer }) => offer.rights.permissions),
  member_expires_at: of(k.MOMENT, ({ offer }) => offer.rights.expiresAt),
  quotas: of(k.QUOTAS, ({ offer }) => offer.rights.quotas),
  payer: paid(of),
  ...head(of),
});

export const INVITATION = fields(s.readInvitation, (of) => ({
  target: of(k.ADDRESS, ({ target }) => target),
  ...offered(of),
}));

export const TOKEN = fields(s.readInviteToken, (of) => ({
  token: of(k.ADDRESS, ({ token }) => token),
  uses: of(k.NUMBER, ({ uses }) => uses),
  uses_left: of(k.NUMBER, ({ usesLeft }) => usesLeft),
  ...offered(of),
}));

export const PROPERTY = fields(s.readProperty, (of) => ({
  value: of(k.BYTES, ({ value }) => value),
  version: of(k.NUMBER, ({ version }) => version),
  writer: of(k.ADDRESS, ({ writer }) => writer),
  written_at: of(k.MOMENT, ({ writtenAt }) => writtenAt),
  key: of(k.BYTES, ({ key }) => key),
  key_length: of(k.NUMBER, ({ key }) => key.length),
  length: of(k.NUMBER, ({ value }) => value.length),
  capacity: of(k.NUMBER, ({ capacity }) => capacity),
  payer: paid(of),
  ...head(of, 'layout_version'),
}));

export const FUNCTION = fields(s.readFunction, (of) => ({
  program: of(k.ADDRESS, ({ program }) => program),
  selector: of(k.BYTES, ({ selector, selectorLength }) => selector.slice(0, selectorLength)),
  selector_length: of(k.NUMBER, ({ selectorLength }) => selectorLength),
  units: of(k.NUMBER, ({ units }) => units),
  composable: of(k.TRUTH, ({ composable }) => composable),
  payer: paid(of),
  ...head(of),
}));

export const ALLOWANCE = fields(s.readAllowance, (of) => ({
  mint: of(k.MINT, ({ mint }) => mint),
  per_call: of(k.AMOUNT, ({ terms }) => terms.perCall),
  limit: of(k.AMOUNT, ({ terms }) => terms.quota.limit),
  window: of(k.WINDOW, ({ terms }) => terms.quota),
  destinations: of(k.ADDRESSES, ({ terms }) => terms.destinations.slice(0, terms.destinationCount)),
  used: of(k.USED, ({ used }) => used),
  join_revision: of(k.NUMBER, ({ joinRevision }) => joinRevision),
  payer: paid(of),
  ...head(of),
}));

export const GRANT = fields(s.readGrant, (of) => ({
  reader: of(k.SESSION, ({ reader }) => reader),
  reader_epoch: of(k.NUMBER, ({ readerEpoch }) => readerEpoch),
  rights: of(k.RIGHTS, ({ rights }) => rights),
  expires_at: of(k.MOMENT, ({ expiresAt }) => expiresAt),
  payer: paid(of),
  ...head(of),
}));
