import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { SessionError, type SessionErrorCode } from 'serverless-sessions-client';
import { createDrafts } from 'serverless-sessions-client/drafts';
import { useSession } from 'serverless-sessions-client/react';
import { Field, Freshness, messageOf, Time } from './components.tsx';
import { type Polling, usePolling } from './use-polling.ts';

type Conversations = Readonly<{ conversations: readonly Readonly<{ with: string; unread: number }>[] }>;
type Messages = Readonly<{ messages: readonly Readonly<{ number: number; from: string; body: string; sentAt: string }>[]; readUpTo: number }>;
type Presence = Readonly<{ users: readonly Readonly<{ id: string; online: boolean }>[] }>;

/** The user whose chat link was opened, and the email in it. */
function invitation(): { readonly from: string; readonly email: string } {
  const [[from, email] = ['', '']] = new URLSearchParams(location.hash.slice(1));
  return { from: from.replace(/[^0-9A-Za-z]/g, ''), email };
}

export function Chat(): ReactNode {
  const { account } = useSession();
  const [chosen, setChosen] = useState(invitation().from === account?.id ? '' : invitation().from);
  const all = usePolling<Conversations>('messages/conversations', 2000);
  const others = [...new Set([...all.data?.conversations.map(each => each.with) ?? [], ...chosen ? [chosen] : []])];
  const other = others.includes(chosen) ? chosen : others[0] ?? '';
  const presence = usePolling<Presence>(others.length === 0 ? null : `presence?users=${others.slice(0, 50).join(',')}`, 3000);
  const isOnline = (id: string): boolean => presence.data?.users.find(user => user.id === id)?.online ?? false;
  const link = new URL(`#${account?.id}=${encodeURIComponent(account?.email ?? '')}`, location.href).href;
  return <section aria-labelledby="chat" className="sheet">
    <h2 id="chat">Chat</h2>
    <Field label="Your chat link">
      {id => <input id={id} readOnly value={link} onFocus={event => event.currentTarget.select()} />}
    </Field>
    {others.length > 0 && <div className="actions people" role="group" aria-label="Conversations">
      {others.map(id => {
        const unread = all.data?.conversations.find(each => each.with === id)?.unread ?? 0;
        return <button key={id} type="button" aria-pressed={id === other} onClick={() => setChosen(id)}>
          <span className={isOnline(id) ? 'dot good' : 'dot'} aria-hidden="true" />
          {nameOf(id)} <span className="hint">{isOnline(id) ? 'online' : 'away'}{unread > 0 && id !== other ? `, ${unread} new` : ''}</span>
        </button>;
      })}
    </div>}
    <Freshness of={all} />
    {other ? <Conversation key={other} other={other} /> : <p className="empty">Open your chat link in a private window, log in as another user, and write a message.</p>}
  </section>;
}

function Conversation({ other }: { readonly other: string }): ReactNode {
  const { fetch, account } = useSession();
  const polling = usePolling<Messages>(`messages?with=${other}`, 2000);
  const messages = polling.data?.messages ?? [];
  const list = useRef<HTMLOListElement>(null);
  const last = messages.at(-1)?.number ?? 0;
  const isRead = last <= (polling.data?.readUpTo ?? 0) || messages.at(-1)?.from === account?.id;

  useEffect(() => {
    list.current?.scrollTo(0, list.current.scrollHeight);
  }, [last]);
  useEffect(() => {
    if (!isRead && document.visibilityState === 'visible')
      void post(fetch, 'messages/read', { with: other, upTo: last }).catch(() => {});
  }, [fetch, other, last, isRead]);

  return <>
    <ol ref={list} className="messages" aria-label={`Messages with ${nameOf(other)}`} aria-live="polite" tabIndex={0}>
      {messages.map(({ number, from, body, sentAt }) => <li key={number} className={from === other ? undefined : 'own'}>
        <span className="unseen">{from === other ? nameOf(other) : 'You'}: </span><p>{body}</p><Time at={sentAt} />
      </li>)}
    </ol>
    <Freshness of={polling} />
    <MessageForm other={other} polling={polling} />
  </>;
}

function MessageForm({ other, polling }: { readonly other: string; readonly polling: Polling<Messages> }): ReactNode {
  const { manager, fetch } = useSession();
  const form = useRef<HTMLFormElement>(null);
  // A message keeps its idempotency key until it is confirmed.
  const sending = useRef<{ readonly body: string; readonly idempotencyKey: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);

  // Unsent text survives a forced login.
  useEffect(() => createDrafts(manager).keep(`chat-${other}`, form.current!), [manager, other]);

  async function send(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem('body') as HTMLTextAreaElement;
    const body = field.value;
    if (!body.trim())
      return;
    if (sending.current?.body !== body)
      sending.current = { body, idempotencyKey: crypto.getRandomValues(new Uint32Array(4)).join('-') };
    setFailure(null);
    try {
      await post(fetch, 'messages', { to: other, ...sending.current });
      sending.current = null;
      // The user may be typing the next message already.
      if (field.value === body)
        field.value = '';
      polling.reload();
    } catch (error) {
      setFailure(`Not sent. ${messageOf(error)} If you send it again, it arrives once.`);
    }
  }

  return <form ref={form} onSubmit={event => void send(event)}>
    <Field label="Message">{id => <textarea id={id} name="body" rows={2} maxLength={1000} required />}</Field>
    <button className="primary">Send</button>
    {failure !== null && <p role="alert" className="problem">{failure}</p>}
  </form>;
}

async function post(fetch: typeof globalThis.fetch, route: string, body: object): Promise<void> {
  const answer = await fetch(route, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) {
    const { code, title } = await answer.json() as { code: SessionErrorCode; title: string };
    throw new SessionError(code, `${title}.`);
  }
}

// The service tells no user another's email, but a chat link has its owner's.
const nameOf = (id: string): string => invitation().from === id && invitation().email || `User …${id.slice(-4)}`;
