// A session from its opening to its close, by two wallets, on a local validator: `sessions localnet`, and then `node open.mjs`.
// Another node than the local one can be given by its URL.

import * as sessions from '@sessions/client';
import { generateKeyPairSigner } from '@solana/kit';

const ledger = sessions.Rpc.connect(process.argv[2] ?? 'http://127.0.0.1:8899');
await ledger.check(); // a node answers, and has the program; otherwise an error that says what to do

const [gm, zoe] = [await generateKeyPairSigner(), await generateKeyPairSigner()];
for (const wallet of [gm, zoe]) await ledger.airdrop(wallet.address, 1_000_000_000n);

const session = await sessions.sessionAddress(gm.address, 'night');
const open = await sessions.openSession({ creator: gm, id: 'night', config: { maxMembers: 4 } });
const link = await sessions.createInviteLink(session); // link.text goes to Zoe; its secret never goes to the chain
const invite = await sessions.createInviteToken({ inviter: gm, session, token: link.token.address });
await sessions.send(ledger, { payer: gm, instructions: [open, invite] });

const { token } = await sessions.parseInviteLink(link.text);
const at = await sessions.inviteTokenAddress(session, token.address);
const inviteToken = sessions.readInviteToken(await sessions.readOne(ledger, at));
const join = await sessions.joinWithToken({ wallet: zoe, token, inviteToken });
const say = await sessions.broadcastMessage({ signer: zoe, session, message: 'Shall we begin?' });
const { events } = await sessions.send(ledger, { payer: zoe, instructions: [join, say] });
console.log(events.map((event) => event.name).join(', '));

await sessions.send(ledger, { payer: gm, instructions: [await sessions.closeSession({ authority: gm, session })] });
console.log(sessions.Status[sessions.readSession(await sessions.readOne(ledger, session)).status]);
