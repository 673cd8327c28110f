/**
 * A session from its opening to its close in a browser, by throwaway wallets: one tab opens it and makes a link, another opens the link and joins. What a
 * node or a member says goes onto the page as text.
 */
import * as sessions from '@sessions/client';
import { type Address, generateKeyPairSigner, type Instruction, type KeyPairSigner } from '@solana/kit';
import { linkTo, shownUrl } from './link.js';
import { persevere } from './persevere.js';

/** What a throwaway wallet is given, in lamports. */
const FUNDS = 1_000_000_000n;
/** How often a node is asked for messages that it must have, but does not tell of yet, and how long after each time, in milliseconds. */
const [TRIES, PAUSE] = [10, 500];
/** How long a node's web socket has to answer, in milliseconds. */
const SOCKET = 5_000;

/** Who is in which session. */
interface Seat {
  readonly ledger: sessions.Rpc;
  readonly wallet: KeyPairSigner;
  readonly session: Address;
}

function part<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} with the id ${id}`);
  return found;
}

const page = {
  error: part('error', HTMLParagraphElement),
  doing: part('doing', HTMLParagraphElement),
  start: part('start', HTMLElement),
  startTitle: part('start-title', HTMLHeadingElement),
  startForm: part('start-form', HTMLFormElement),
  startButton: part('start-button', HTMLButtonElement),
  invited: part('invited', HTMLParagraphElement),
  invitedTo: part('invited-to', HTMLElement),
  node: part('node', HTMLInputElement),
  more: part('more', HTMLDetailsElement),
  socket: part('socket', HTMLInputElement),
  session: part('session', HTMLElement),
  sessionTitle: part('session-title', HTMLHeadingElement),
  status: part('status', HTMLElement),
  address: part('address', HTMLElement),
  ends: part('ends', HTMLElement),
  seats: part('seats', HTMLElement),
  members: part('members', HTMLUListElement),
  invite: part('invite', HTMLFieldSetElement),
  inviteButton: part('invite-button', HTMLButtonElement),
  linkShown: part('link-shown', HTMLDivElement),
  link: part('link', HTMLInputElement),
  linkOpen: part('link-open', HTMLAnchorElement),
  linkUnnamed: part('link-unnamed', HTMLParagraphElement),
  copyButton: part('copy-button', HTMLButtonElement),
  log: part('log', HTMLDivElement),
  messages: part('messages', HTMLOListElement),
  chain: part('chain', HTMLParagraphElement),
  say: part('say', HTMLFieldSetElement),
  sayForm: part('say-form', HTMLFormElement),
  sayButton: part('say-button', HTMLButtonElement),
  message: part('message', HTMLInputElement),
  close: part('close', HTMLFieldSetElement),
  closeButton: part('close-button', HTMLButtonElement),
};

/** An element with text, or with other elements. */
function element(name: string, className: string, ...content: readonly (string | Node)[]): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.append(...content);
  return made;
}

const short = (address: Address): string => `${address.slice(0, 4)}…${address.slice(-4)}`;

/** A wallet's name, in a colour of its own. */
function walletName({ wallet }: Seat, address: Address): HTMLElement {
  const name = element(
    'span',
    'wallet',
    element('code', '', short(address)),
    address === wallet.address ? ' (you)' : '',
  );
  name.title = address;
  name.style.setProperty(
    '--hue',
    String([...address].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 360),
  );
  return name;
}

function tell(thrown: unknown): void {
  page.error.textContent = thrown instanceof Error ? thrown.message : String(thrown);
  page.error.hidden = false;
  page.error.scrollIntoView({ block: 'nearest' });
}

/** Does what a button is for, once at a time, and tells what is wrong with it if it fails. `say` tells what is going on. */
async function act(button: HTMLButtonElement, step: (say: (what: string) => void) => Promise<void>): Promise<void> {
  // A button that is disabled loses the focus.
  if (button.ariaDisabled === 'true') return;
  button.ariaDisabled = 'true';
  page.error.hidden = true;
  try {
    await step((what) => {
      page.doing.textContent = what;
    });
  } catch (thrown) {
    tell(thrown);
  } finally {
    page.doing.textContent = '';
    button.ariaDisabled = null;
  }
}

const send = ({ ledger, wallet }: Seat, instructions: readonly Instruction[]) =>
  sessions.send(ledger, { payer: wallet, instructions });

/** What a link to this page says behind its #, which browsers send to no server. */
async function readFragment() {
  const said = new URLSearchParams(location.hash.slice(1));
  const text = said.get('invite');
  return text === null
    ? null
    : { link: await sessions.parseInviteLink(text), node: said.get('node'), socket: said.get('socket') };
}

/** A link to this page that admits one wallet to the session, and whether it names the node. */
async function invite(seat: Seat): Promise<ReturnType<typeof linkTo>> {
  const { ledger, session, wallet } = seat;
  const { text, token } = await sessions.createInviteLink(session);
  await send(seat, [await sessions.createInviteToken({ inviter: wallet, session, token: token.address })]);
  return linkTo(location.href, { invite: text, node: ledger.url, socket: page.socket.value.trim() });
}

async function open(ledger: sessions.Rpc, wallet: KeyPairSigner): Promise<Seat> {
  const seat = { ledger, wallet, session: await sessions.sessionAddress(wallet.address, 'page') };
  await send(seat, [await sessions.openSession({ creator: wallet, id: 'page', config: { maxMembers: 4 } })]);
  return seat;
}

async function join(ledger: sessions.Rpc, wallet: KeyPairSigner, link: sessions.InviteLink): Promise<Seat> {
  const { session, token } = link;
  const at = await sessions.inviteTokenAddress(session, token.address);
  const inviteToken = sessions.readInviteToken(await sessions.readOne(ledger, at));
  const seat = { ledger, wallet, session };
  await send(seat, [await sessions.joinWithToken({ wallet, token, inviteToken })]);
  return seat;
}

/** The session's active members. */
async function readMembers({ ledger, session }: Seat): Promise<readonly sessions.Member[]> {
  const members = (await sessions.children(ledger, session)).flatMap((snapshot) => {
    try {
      return [sessions.readMember(snapshot)];
    } catch (thrown) {
      if (sessions.isSessionsError(thrown, 'MemberNotFound')) return [];
      throw thrown;
    }
  });
  return members
    .filter(({ status }) => status === sessions.MemberStatus.Active)
    .sort((a, b) => Number(a.startsAt - b.startsAt));
}

/** The session's messages behind number `last`, as far as the node tells of them, from its history backwards. */
async function readMessages({ ledger, session }: Seat, last: bigint): Promise<readonly sessions.MessageEvent[]> {
  const found = new Map<bigint, sessions.MessageEvent>();
  let before: sessions.Entry['signature'] | undefined;
  for (;;) {
    const entries = await ledger.history(session, { limit: 50, ...(before && { before }) });
    for (const { signature, failed } of entries) {
      const events = failed ? [] : ((await ledger.receipt(signature))?.events ?? []);
      for (const event of events)
        if (sessions.isMessage(event) && event.header.address === session && event.sequence > last)
          found.set(event.sequence, event);
      if (found.has(last + 1n)) return [...found.values()].sort((a, b) => Number(a.sequence - b.sequence));
      before = signature;
    }
    if (entries.length < 50) return [];
  }
}

function showMessage(seat: Seat, event: sessions.MessageEvent): void {
  const time = document.createElement('time');
  const date = sessions.dateOf(event.header.time);
  time.dateTime = date?.toISOString() ?? '';
  time.textContent = date?.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) ?? '';
  const from = element('p', 'from', walletName(seat, event.sender), ' ', time);
  if (event.name === 'MessageSent') time.before('to ', walletName(seat, event.recipient), ' ');
  const text = element('p', 'text', new TextDecoder().decode(event.message));
  text.dir = 'auto';
  page.messages.append(element('li', event.sender === seat.wallet.address ? 'own' : '', from, text));
  page.log.scrollTop = page.log.scrollHeight;
}

/** What is wrong with the messages, in a sentence. */
function sentenceOf(broken: sessions.ChainBreak): string {
  if (broken.what === 'missing') return `The node does not tell of the messages ${broken.first} to ${broken.last}.`;
  if (broken.what === 'altered') return `The node tells of message ${broken.sequence} as something else than was sent.`;
  return 'The node tells of the messages in a wrong order.';
}

/** Shows the messages that came since, and whether they are all there, and as they were sent. */
async function showMessages(seat: Seat, chain: sessions.MessageChain, state: sessions.Session): Promise<void> {
  for (let time = 1; chain.sequence < state.messageSequence && time <= TRIES; time += 1) {
    if (time > 1) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const events = await readMessages(seat, chain.sequence);
    const broken = await chain.follow(events);
    for (const event of events) if (event.sequence <= chain.sequence) showMessage(seat, event);
    if (broken !== null && broken.what !== 'missing') {
      page.chain.textContent = sentenceOf(broken);
      return;
    }
  }
  const wrong = chain.sequence > state.messageSequence ? null : chain.against(state);
  if (wrong !== null) page.chain.textContent = sentenceOf(wrong);
  else if (chain.sequence > 0n)
    page.chain.textContent = `The newest is number ${chain.sequence}; all are there, and as they were sent.`;
}

function showState(seat: Seat, state: sessions.Session, members: readonly sessions.Member[]): void {
  const active = state.status === sessions.Status.Active;
  const own = members.find(({ wallet }) => wallet === seat.wallet.address)?.rights.permissions;
  page.status.textContent = sessions.Status[state.status];
  page.status.dataset.status = sessions.Status[state.status];
  page.address.textContent = seat.session;
  page.ends.textContent = sessions.dateOf(state.expiresAt)?.toLocaleTimeString() ?? 'never by itself';
  page.seats.textContent = `${state.members} of ${state.config.maxMembers}`;
  page.members.replaceChildren(
    ...members.map(({ wallet, rights }) =>
      element('li', '', walletName(seat, wallet), element('span', 'role', sessions.Role[rights.role])),
    ),
  );
  page.invite.hidden = own?.has('INVITE_MEMBERS') !== true;
  page.invite.disabled = !active;
  page.say.disabled = !active || own?.has('SEND_MESSAGES') !== true;
  page.close.hidden = state.authority !== seat.wallet.address;
  page.close.disabled = !active;
}

/** Shows the session as it is, and as it becomes, until it is closed. `shown` is told when it is there to be seen. */
async function follow(seat: Seat, shown: () => void): Promise<void> {
  const { ledger, session } = seat;
  const chain = new sessions.MessageChain(session);
  const { signal } = new AbortController();
  let failing = false;
  const show = async (well: () => void) => {
    for await (const snapshot of ledger.subscribe(session, { signal })) {
      const state = sessions.readSession(snapshot);
      showState(seat, state, await readMembers(seat));
      shown();
      await showMessages(seat, chain, state);
      if (failing) page.error.hidden = true;
      failing = false;
      well();
      if (state.status === sessions.Status.Closed) return;
    }
  };
  await persevere(show, (thrown) => {
    if (!sessions.isRetryable(thrown)) throw thrown;
    failing = true;
    tell(thrown);
  });
}

/** Checks that the node's web socket answers, by following an account for a moment: what happens in the session is told through it. */
async function checkSocket({ ledger, wallet }: Omit<Seat, 'session'>): Promise<void> {
  const told = ledger.subscribe(wallet.address, { signal: AbortSignal.timeout(SOCKET) })[Symbol.asyncIterator]();
  const { done } = await told.next().catch((thrown: unknown) => {
    if (!sessions.isRetryable(thrown)) throw thrown;
    return { done: true };
  });
  await told.return?.();
  if (done === true)
    throw new Error(
      `no web socket answers at ${shownUrl(ledger.webSocketUrl)}; say where the node has it, below the node`,
    );
}

/** What the buttons of an open session do. */
function offer(seat: Seat): void {
  const { session, wallet } = seat;
  page.inviteButton.addEventListener('click', () =>
    act(page.inviteButton, async (say) => {
      say('Making an invite token…');
      const { link, isNamed } = await invite(seat);
      page.linkUnnamed.hidden = isNamed;
      page.link.value = link;
      page.linkOpen.href = link;
      page.linkShown.hidden = false;
    }),
  );
  page.copyButton.addEventListener('click', () =>
    act(page.copyButton, async () => {
      page.link.select();
      await navigator.clipboard.writeText(page.link.value);
    }),
  );
  page.sayForm.addEventListener('submit', (event) => {
    event.preventDefault();
    act(page.sayButton, async (say) => {
      say('Sending…');
      const message = page.message.value;
      await send(seat, [await sessions.broadcastMessage({ signer: wallet, session, message })]);
      // Whoever has begun another one keeps it.
      if (page.message.value === message) page.message.value = '';
      page.message.focus();
    });
  });
  page.closeButton.addEventListener('click', () =>
    act(page.closeButton, async (say) => {
      say('Closing…');
      const close = await sessions.closeSession({ authority: wallet, session });
      await send(seat, [close, await sessions.completeClose({ signer: wallet, session })]);
    }),
  );
}

/** Opens a session, or joins the one that the link is for, by a wallet made for it. */
async function begin(link: sessions.InviteLink | undefined, say: (what: string) => void): Promise<void> {
  const [url, socket] = [page.node.value.trim(), page.socket.value.trim()];
  const ledger = sessions.Rpc.connect(url, socket === '' ? {} : { webSocket: socket });
  say(`Asking the node at ${ledger.name}…`);
  await ledger.check();
  const wallet = await generateKeyPairSigner();
  await checkSocket({ ledger, wallet });
  say('Funding a throwaway wallet…');
  await ledger.airdrop(wallet.address, FUNDS);
  say(link === undefined ? 'Opening the session…' : 'Joining the session…');
  const seat = await (link === undefined ? open(ledger, wallet) : join(ledger, wallet, link));
  // The link's secret is used up.
  history.replaceState(null, '', location.pathname + location.search);
  offer(seat);
  await new Promise<void>((resolve, reject) => {
    follow(seat, resolve).catch((thrown: unknown) => {
      tell(thrown);
      reject(thrown);
    });
  });
  [page.session.hidden, page.start.hidden] = [false, true];
  page.sessionTitle.focus();
}

/** Shows what the page's own link says: an invitation, or nothing. */
async function showInvitation(): Promise<sessions.InviteLink | undefined> {
  const said = await readFragment();
  if (said === null) return undefined;
  // Whoever made the link may have left out which node it is.
  page.node.value = said.node ?? '';
  page.socket.value = said.socket ?? '';
  page.more.open = said.socket !== null;
  page.invited.hidden = false;
  page.invitedTo.textContent = said.link.session;
  page.startTitle.textContent = 'Join a session';
  page.startButton.textContent = 'Join the session';
  return said.link;
}

const invitation = showInvitation().catch((thrown: unknown) => {
  tell(thrown);
  return undefined;
});
page.startForm.addEventListener('submit', (event) => {
  event.preventDefault();
  act(page.startButton, async (say) => begin(await invitation, say));
});
// A link that is opened in this very tab only changes what stands behind the #.
addEventListener('hashchange', () => {
  if (page.session.hidden) location.reload();
  else tell(new Error('this tab is in a session; open the link in another tab'));
});
