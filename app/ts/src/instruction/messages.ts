/** Messages and checkpoints. */
import type { Address, ReadonlyUint8Array } from '@solana/kit';
import { keyBytes, memberAddress } from '../address.js';
import {
  getBroadcastMessageInstruction,
  getCommitCheckpointInstruction,
  getSendDirectMessageInstruction,
} from '../generated/instructions/index.js';
import { type Acting, memberOf, type SessionInstruction } from './common.js';
import type { HostStep } from './lifecycle.js';

/** A message: its bytes, or text as UTF-8; at most 768 bytes. */
export type Message = ReadonlyUint8Array | string;

/** `broadcast_message`: sends a message to everyone, by a member with SEND_MESSAGES. */
export async function broadcastMessage(input: Acting & { readonly message: Message }): Promise<SessionInstruction> {
  const { signer, session, message } = input;
  return getBroadcastMessageInstruction({ signer, session, member: await memberOf(input), data: keyBytes(message) });
}

/** `send_direct_message`: sends a message to the member with the wallet `to`, by a member with SEND_MESSAGES. It is as public as all others. */
export async function sendDirectMessage(
  input: Acting & { readonly to: Address; readonly message: Message },
): Promise<SessionInstruction> {
  const { signer, session, to, message } = input;
  const [member, recipient] = await Promise.all([memberOf(input), memberAddress(session, to)]);
  return getSendDirectMessageInstruction({ signer, session, member, recipient, data: keyBytes(message) });
}

/** `commit_checkpoint`: records where the live state stands, by the host: a number above the last one, and a root of 32 bytes. */
export async function commitCheckpoint(
  input: HostStep & { readonly sequence: number | bigint; readonly root: ReadonlyUint8Array },
): Promise<SessionInstruction> {
  return getCommitCheckpointInstruction(input);
}
