/**
 * Generated from the program's interface by `npm run generate`; not to be edited.
 */
import type { Decoder } from '@solana/kit';
import {
  getAccessGrantedEventDecoder,
  type AccessGrantedEvent,
  getAccessRevokedEventDecoder,
  type AccessRevokedEvent,
  getAllowanceSetEventDecoder,
  type AllowanceSetEvent,
  getAllowanceSpentEventDecoder,
  type AllowanceSpentEvent,
  getAuthorityProposedEventDecoder,
  type AuthorityProposedEvent,
  getAuthorityTransferredEventDecoder,
  type AuthorityTransferredEvent,
  getCheckpointCommittedEventDecoder,
  type CheckpointCommittedEvent,
  getDepositedEventDecoder,
  type DepositedEvent,
  getFunctionExecutedEventDecoder,
  type FunctionExecutedEvent,
  getFunctionRegisteredEventDecoder,
  type FunctionRegisteredEvent,
  getFunctionUnregisteredEventDecoder,
  type FunctionUnregisteredEvent,
  getInvitationAcceptedEventDecoder,
  type InvitationAcceptedEvent,
  getInvitationDeclinedEventDecoder,
  type InvitationDeclinedEvent,
  getInvitationRevokedEventDecoder,
  type InvitationRevokedEvent,
  getMemberInvitedEventDecoder,
  type MemberInvitedEvent,
  getMemberJoinedEventDecoder,
  type MemberJoinedEvent,
  getMemberLeftEventDecoder,
  type MemberLeftEvent,
  getMemberRemovedEventDecoder,
  type MemberRemovedEvent,
  getMemberUpdatedEventDecoder,
  type MemberUpdatedEvent,
  getMessageBroadcastEventDecoder,
  type MessageBroadcastEvent,
  getMessageSentEventDecoder,
  type MessageSentEvent,
  getPropertyDeletedEventDecoder,
  type PropertyDeletedEvent,
  getPropertySetEventDecoder,
  type PropertySetEvent,
  getSessionActivatedEventDecoder,
  type SessionActivatedEvent,
  getSessionActivatingEventDecoder,
  type SessionActivatingEvent,
  getSessionClosedEventDecoder,
  type SessionClosedEvent,
  getSessionClosingEventDecoder,
  type SessionClosingEvent,
  getSessionCreatedEventDecoder,
  type SessionCreatedEvent,
  getSessionCreatingEventDecoder,
  type SessionCreatingEvent,
  getSessionDeletedEventDecoder,
  type SessionDeletedEvent,
  getSessionExpiredEventDecoder,
  type SessionExpiredEvent,
  getSessionKeyClearedEventDecoder,
  type SessionKeyClearedEvent,
  getSessionKeySetEventDecoder,
  type SessionKeySetEvent,
  getSessionPausedEventDecoder,
  type SessionPausedEvent,
  getSessionRequestedEventDecoder,
  type SessionRequestedEvent,
  getSessionResumedEventDecoder,
  type SessionResumedEvent,
  getSessionUpdatedEventDecoder,
  type SessionUpdatedEvent,
  getTokenCreatedEventDecoder,
  type TokenCreatedEvent,
  getUsageRecordedEventDecoder,
  type UsageRecordedEvent,
  getWithdrawnEventDecoder,
  type WithdrawnEvent,
} from './types/index.js';

/** The data of each event, by its name. */
export interface EventData {
  AccessGranted: AccessGrantedEvent;
  AccessRevoked: AccessRevokedEvent;
  AllowanceSet: AllowanceSetEvent;
  AllowanceSpent: AllowanceSpentEvent;
  AuthorityProposed: AuthorityProposedEvent;
  AuthorityTransferred: AuthorityTransferredEvent;
  CheckpointCommitted: CheckpointCommittedEvent;
  Deposited: DepositedEvent;
  FunctionExecuted: FunctionExecutedEvent;
  FunctionRegistered: FunctionRegisteredEvent;
  FunctionUnregistered: FunctionUnregisteredEvent;
  InvitationAccepted: InvitationAcceptedEvent;
  InvitationDeclined: InvitationDeclinedEvent;
  InvitationRevoked: InvitationRevokedEvent;
  MemberInvited: MemberInvitedEvent;
  MemberJoined: MemberJoinedEvent;
  MemberLeft: MemberLeftEvent;
  MemberRemoved: MemberRemovedEvent;
  MemberUpdated: MemberUpdatedEvent;
  MessageBroadcast: MessageBroadcastEvent;
  MessageSent: MessageSentEvent;
  PropertyDeleted: PropertyDeletedEvent;
  PropertySet: PropertySetEvent;
  SessionActivated: SessionActivatedEvent;
  SessionActivating: SessionActivatingEvent;
  SessionClosed: SessionClosedEvent;
  SessionClosing: SessionClosingEvent;
  SessionCreated: SessionCreatedEvent;
  SessionCreating: SessionCreatingEvent;
  SessionDeleted: SessionDeletedEvent;
  SessionExpired: SessionExpiredEvent;
  SessionKeyCleared: SessionKeyClearedEvent;
  SessionKeySet: SessionKeySetEvent;
  SessionPaused: SessionPausedEvent;
  SessionRequested: SessionRequestedEvent;
  SessionResumed: SessionResumedEvent;
  SessionUpdated: SessionUpdatedEvent;
  TokenCreated: TokenCreatedEvent;
  UsageRecorded: UsageRecordedEvent;
  Withdrawn: WithdrawnEvent;
}

/** Each event's discriminator as hex digits, and how what follows is read. */
export const EVENTS: { readonly [N in keyof EventData]: readonly [string, () => Decoder<EventData[N]>] } = {
  AccessGranted: ['15d453c0c61a3eb9', getAccessGrantedEventDecoder],
  AccessRevoked: ['c8a0492bc9a52b9f', getAccessRevokedEventDecoder],
  AllowanceSet: ['33383e92eb0a6cbd', getAllowanceSetEventDecoder],
  AllowanceSpent: ['78311b1f2162f95b', getAllowanceSpentEventDecoder],
  AuthorityProposed: ['f4755e7035972359', getAuthorityProposedEventDecoder],
  AuthorityTransferred: ['f56db336875c1640', getAuthorityTransferredEventDecoder],
  CheckpointCommitted: ['019359c773335e0a', getCheckpointCommittedEventDecoder],
  Deposited: ['6f8d1a2da1236439', getDepositedEventDecoder],
  FunctionExecuted: ['af85529a7a674b30', getFunctionExecutedEventDecoder],
  FunctionRegistered: ['161d7a83c9f225e6', getFunctionRegisteredEventDecoder],
  FunctionUnregistered: ['2bc739f5cb8cd3ee', getFunctionUnregisteredEventDecoder],
  InvitationAccepted: ['819fb1e3d0211733', getInvitationAcceptedEventDecoder],
  InvitationDeclined: ['a1eaa2f7ee53242c', getInvitationDeclinedEventDecoder],
  InvitationRevoked: ['ad14a84530f1c3b0', getInvitationRevokedEventDecoder],
  MemberInvited: ['a00ae0c841a5ac4b', getMemberInvitedEventDecoder],
  MemberJoined: ['9cc79558c1cbbfd2', getMemberJoinedEventDecoder],
  MemberLeft: ['3053485c6fe3858e', getMemberLeftEventDecoder],
  MemberRemoved: ['fa420371a10a3b27', getMemberRemovedEventDecoder],
  MemberUpdated: ['7ae1fa793cbd0b93', getMemberUpdatedEventDecoder],
  MessageBroadcast: ['001ef956601d8b68', getMessageBroadcastEventDecoder],
  MessageSent: ['7446e04c801c6e37', getMessageSentEventDecoder],
  PropertyDeleted: ['42e0f06a6e0f5250', getPropertyDeletedEventDecoder],
  PropertySet: ['0d03e88108ea018c', getPropertySetEventDecoder],
  SessionActivated: ['b1220b7f995dff22', getSessionActivatedEventDecoder],
  SessionActivating: ['bd9a59a91f309136', getSessionActivatingEventDecoder],
  SessionClosed: ['39ed0bf3c222781b', getSessionClosedEventDecoder],
  SessionClosing: ['abaf656b6c16c8c5', getSessionClosingEventDecoder],
  SessionCreated: ['6b6ffe19157adce1', getSessionCreatedEventDecoder],
  SessionCreating: ['ecaa2734876b8c3b', getSessionCreatingEventDecoder],
  SessionDeleted: ['c6cbc1130caa0b71', getSessionDeletedEventDecoder],
  SessionExpired: ['04fc495eb79ba6ce', getSessionExpiredEventDecoder],
  SessionKeyCleared: ['389bc1fe4394ac15', getSessionKeyClearedEventDecoder],
  SessionKeySet: ['5e4cf452c05febc7', getSessionKeySetEventDecoder],
  SessionPaused: ['dbb30e178f5fcc86', getSessionPausedEventDecoder],
  SessionRequested: ['32f588e9eb3b038b', getSessionRequestedEventDecoder],
  SessionResumed: ['cc77dedbedc77545', getSessionResumedEventDecoder],
  SessionUpdated: ['2cd0e10bcbd022c5', getSessionUpdatedEventDecoder],
  TokenCreated: ['ec1329ff824e93ac', getTokenCreatedEventDecoder],
  UsageRecorded: ['a630283a3a6ec059', getUsageRecordedEventDecoder],
  Withdrawn: ['1459dfc6c27cdb0d', getWithdrawnEventDecoder],
};
