/** The program's derived addresses, and the instructions' accounts that follow from others. The IDL names the seeds, but not all of the accounts. */
import {
  accountValueNode,
  argumentValueNode,
  bytesTypeNode,
  constantPdaSeedNodeFromString,
  fixedSizeTypeNode,
  numberTypeNode,
  pdaLinkNode,
  pdaNode,
  pdaSeedValueNode,
  pdaValueNode,
  publicKeyTypeNode,
  publicKeyValueNode,
  variablePdaSeedNode,
} from '@codama/nodes';

const address = publicKeyTypeNode();
const bytes = (size) => fixedSizeTypeNode(bytesTypeNode(), size);

/** The derived addresses: what they begin with, and what follows. */
const SEEDS = {
  session: ['session', { creator: address, id: bytes(32) }],
  vault: ['vault', { session: address }],
  member: ['member', { session: address, wallet: address }],
  invitation: ['invitation', { session: address, target: address }],
  inviteToken: ['token', { session: address, token: address }],
  property: ['property', { session: address, key: bytesTypeNode() }],
  function: [
    'function',
    { session: address, program: address, selectorLength: numberTypeNode('u8'), selector: bytes(8) },
  ],
  allowance: ['allowance', { member: address, mint: address }],
  accessGrant: ['grant', { owner: address, reader: address }],
};

/** The nodes of the derived addresses. */
export const PDAS = Object.entries(SEEDS).map(([name, [prefix, seeds]]) =>
  pdaNode({
    name,
    seeds: [
      constantPdaSeedNodeFromString('utf8', prefix),
      ...Object.entries(seeds).map(([seed, type]) => variablePdaSeedNode(seed, type)),
    ],
  }),
);

const account = (name) => accountValueNode(name);
const argument = (name) => argumentValueNode(name);

const derived = (pda, seeds) =>
  pdaValueNode(
    pdaLinkNode(pda),
    Object.entries(seeds).map(([seed, value]) => pdaSeedValueNode(seed, value)),
  );

const member = (wallet) => derived('member', { session: account('session'), wallet: account(wallet) });
const vault = derived('vault', { session: account('session') });
const inviteToken = (token) => derived('inviteToken', { session: account('session'), token });
const invitation = (target) => derived('invitation', { session: account('session'), target });
const ownSession = derived('session', { creator: account('creator'), id: argument('id') });
const property = (session) => derived('property', { session: account(session), key: argument('key') });
const grant = (owner, reader) => derived('accessGrant', { owner: account(owner), reader: account(reader) });
const allowance = (mint) => derived('allowance', { member: account('member'), mint });
const registered = derived('function', {
  session: account('session'),
  program: account('program'),
  selectorLength: argument('selectorLength'),
  selector: argument('selector'),
});
/** The mint that stands for SOL. */
const sol = publicKeyValueNode('11111111111111111111111111111111');

/** For each instruction, its accounts that follow from its others and from its arguments. */
export const ACCOUNTS = {
  acceptAuthority: { member: member('wallet') },
  acceptInvitation: { invitation: invitation(account('wallet')), member: member('wallet') },
  clearSessionKey: { member: member('wallet') },
  composeFunctions: { vault },
  createInviteToken: { inviterMember: member('inviter'), inviteToken: inviteToken(argument('token')) },
  declineInvitation: { invitation: invitation(account('wallet')) },
  deposit: { vault },
  executeFunction: { vault },
  grantAccess: { grant: grant('session', 'reader') },
  inviteMember: { inviterMember: member('inviter'), invitation: invitation(argument('member')) },
  joinSession: { member: member('wallet') },
  joinWithToken: { inviteToken: inviteToken(account('token')), member: member('wallet') },
  leaveSession: { member: member('wallet') },
  openSession: { session: ownSession, member: member('creator') },
  readProperty: { grant: grant('owner', 'session') },
  reclaimSession: { vault },
  registerFunction: { vault, function: registered },
  requestSession: { session: ownSession, member: member('creator') },
  setAllowance: { vault, allowance: allowance(argument('mint')) },
  setProperty: { property: property('session') },
  setSessionKey: { member: member('wallet') },
  spend: { vault, allowance: allowance(sol) },
  spendTokens: { vault, allowance: allowance(account('mint')) },
  withdraw: { vault },
  writeProperty: { grant: grant('owner', 'session'), property: property('owner') },
};
