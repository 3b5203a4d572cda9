// Where an agent writes: Enter sends, Shift+Enter is a new line, `/` finds quick replies, pictures are pasted or
// dropped or come with a quick reply, and what was begun in a conversation is still there after a reload. While it is
// sent, nothing is written.
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Popover, Segmented } from 'antd';
import { AppWindow, ImagePlus, Link2, SendHorizontal, Smile } from 'lucide-react';
import { Suspense, useEffect, useRef, useState, type ClipboardEvent, type DragEvent, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { loadStrings } from '@/i18n';
import { api, pictureUrl, unwrap, type Schemas } from '@/shared/api/client';
import { useLive } from '@/shared/live/live';
import { nameOf, useQuickReplies, type QuickReply } from '@/shared/quick_replies/quickReplies';
import { ranked } from '@/shared/quick_replies/ranking';
import { late } from '@/shared/ui/late';
import { useNotify } from '@/shared/ui/page';
import type { Conversation } from '../api/cache';
import { fillIn } from '../api/conversations';
import { send, whenRewritten } from '../api/outgoing';
import { emoji } from './emoji';
import { offeredMax, QuickReplyMenu } from './QuickReplyMenu';
import { addPicture, dropPicture, sendDraft, useWaiting } from './sendDraft';
import { useDraft } from './useDraft';
import { useShortcuts } from './useShortcuts';
import type { InsertKind } from './InsertDialog';

const ComposerHints = late(async () => (await Promise.all([import('./ComposerHints'), loadStrings('workbench')]))[0]);
const NoteNames = late(async () => (await Promise.all([import('./NoteNames'), loadStrings('supervise')]))[0]);
const InsertDialog = late(() => import('./InsertDialog'));

interface Props {
  conversation: Conversation;
  // Before something is sent to a customer who still waits: takes the conversation. False: somebody else was faster.
  ready(): Promise<boolean>;
  notesFirst?: boolean; // who reads along
}

const pictureTypes = ['image/png', 'image/jpeg', 'image/gif'];
const pictureBytesMax = 2 << 20;

export function Composer({ conversation, ready, notesFirst }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const notify = useNotify();
  const { message } = App.useApp();
  const draft = useDraft(conversation.id);
  const { text, note, mentions, consult } = draft;
  const { pictures, sending } = useWaiting(conversation.id);
  const setNote = (next: boolean) => draft.keep({ note: next });
  // Who reads along no more answers; but what was begun as a note never becomes an answer.
  useEffect(() => {
    if (note !== !!notesFirst && (notesFirst || !text)) setNote(!!notesFirst);
  }, [notesFirst]); // eslint-disable-line react-hooks/exhaustive-deps
  const [insert, setInsert] = useState<InsertKind | null>(null);
  const [chosen, setChosen] = useState(0);
  const [dropping, setDropping] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const typed = useTyping(conversation);
  const quick = useQuickReplies(conversation.appid);
  const found = !note && text.startsWith('/') && !text.includes('\n') ? ranked(quick.data ?? [], text.slice(1)).slice(0, offeredMax) : [];
  const used = useRef<string>(undefined); // the quick reply that the text was made of
  const nothing = !text.trim() && (note || pictures.length === 0);

  const write = (next: string) => {
    if (sending) return;
    draft.keep({ text: next });
    setChosen(0);
    if (!note && next && !next.startsWith('/')) typed();
  };
  useEffect(() =>
    whenRewritten((id, back) => {
      if (id !== conversation.id || sending) return false;
      if (note && text) return void message.info(t('content_check.doubts.note_first')), false; // it would become part of the answer
      setNote(false);
      write(text ? `${text}\n${back}` : back);
      box.current?.focus();
      return true;
    }),
  );
  useEffect(() => {
    if (!text) used.current = undefined;
    const element = box.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, 180)}px`;
  }, [text]);

  const forget = (gone: string[]) => draft.keep({ pictures: draft.pictures.filter((name) => !gone.includes(name)) });
  useShortcuts({ n: () => (sending || setNote(true), box.current?.focus()), r: () => text || notesFirst || setNote(false) });

  const deliver = async (body: Schemas['MessageInput'], preview?: string, client_id?: string) => {
    await send(client, { conversation_id: conversation.id, thread_id: conversation.thread_id, body, preview, client_id });
  };
  const sendAll = async () => {
    const words = text.trim();
    const { id } = draft; // Enter twice, or in two tabs, is one message
    if (nothing || sending || !draft.mayBeSent()) return;
    if (!note) {
      typed.stop();
      return sendDraft(client, { conversation, id, words, quick_reply_id: used.current, ready, failed: notify.failed });
    }
    const sent = deliver({ msgtype: 'note', note: { content: words, ...(mentions.length > 0 ? { mentions, consult } : {}) } }, undefined, id);
    write('');
    await sent;
  };
  const pick = (candidates: Iterable<File>) => {
    for (const file of candidates) {
      if (!pictureTypes.includes(file.type)) notify.refused(t('desk.composer.picture_type'));
      else if (file.size > pictureBytesMax) notify.refused(t('desk.composer.picture_size'));
      else addPicture(conversation.id, { name: file.name, source: file, preview: URL.createObjectURL(file) });
    }
  };
  // Its text with what the variables stand for here; its picture waits for sending beside the others.
  const useReply = async (reply: QuickReply) => {
    box.current?.focus();
    const asked = text;
    let content = reply.content;
    try {
      if (content.includes('{{')) content = (await fillIn(conversation, reply.id)).text;
    } catch (problem) {
      return notify.failed(problem);
    }
    if (box.current?.value !== asked) return; // somebody wrote on, or went elsewhere
    write(content);
    if (content) used.current = reply.id;
    if (!reply.picture_id) return;
    addPicture(conversation.id, { name: nameOf(reply), preview: pictureUrl(conversation.appid, reply.picture_id), source: { picture_id: reply.picture_id }, quick_reply_id: content ? undefined : reply.id });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return; // an input method's Enter chooses a word; Safari says so late
    if (found.length > 0 && ['ArrowDown', 'ArrowUp', 'Enter', 'Tab'].includes(event.key)) {
      event.preventDefault();
      if (event.key === 'ArrowDown') setChosen((chosen + 1) % found.length);
      else if (event.key === 'ArrowUp') setChosen((chosen + found.length - 1) % found.length);
      else void useReply(found[chosen]!);
      return;
    }
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void sendAll();
    }
    if (event.key === 'Escape') box.current?.blur();
  };
  const onPaste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    pick(event.clipboardData.files);
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    pick(event.dataTransfer.files);
  };
  const addEmoji = (one: string) => {
    const element = box.current;
    const at = element?.selectionStart ?? text.length;
    write(text.slice(0, at) + one + text.slice(element?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      element?.focus();
      element?.setSelectionRange(at + one.length, at + one.length);
    });
  };

  return (
    <div
      className={`composer${note ? ' composer-note' : ''}${dropping ? ' composer-dropping' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={onDrop}
    >
      {found.length > 0 && <QuickReplyMenu appid={conversation.appid} replies={found} chosen={chosen} onChoose={(reply) => void useReply(reply)} onHover={setChosen} />}
      <Suspense fallback={null}>
        <ComposerHints conversation={conversation} draft={draft} lost={draft.pictures.filter((name) => !pictures.some((one) => one.name === name))} forget={forget} write={(next) => (write(next), box.current?.focus())} />
      </Suspense>
      <div className="composer-tools">
        <Segmented
          size="small"
          aria-label={t('desk.composer.kind')}
          value={note ? 'note' : 'reply'}
          disabled={sending}
          options={[
            { value: 'reply', label: t('desk.composer.reply') },
            { value: 'note', label: t('desk.composer.note') },
          ]}
          onChange={(kind) => setNote(kind === 'note')}
        />
        {!note && (
          <>
            <Popover trigger="click" placement="topLeft" content={<EmojiGrid onChoose={addEmoji} />}>
              <Button type="text" size="small" aria-label={t('desk.composer.emoji')} icon={<Smile size={17} aria-hidden />} />
            </Popover>
            <Button type="text" size="small" aria-label={t('desk.composer.picture')} icon={<ImagePlus size={17} aria-hidden />} onClick={() => files.current?.click()} />
            <Button type="text" size="small" aria-label={t('desk.composer.card')} icon={<AppWindow size={17} aria-hidden />} onClick={() => setInsert('miniprogrampage')} />
            <Button type="text" size="small" aria-label={t('desk.composer.link')} icon={<Link2 size={17} aria-hidden />} onClick={() => setInsert('link')} />
            <input
              ref={files}
              type="file"
              hidden
              multiple
              accept={pictureTypes.join(',')}
              onChange={(event) => {
                pick(event.target.files ?? []);
                event.target.value = '';
              }}
            />
          </>
        )}
        <span className="composer-hint muted" role={sending ? 'status' : undefined}>
          {sending ? t('desk.composer.sending') : t('desk.composer.hint')}
        </span>
      </div>
      {pictures.length > 0 && (
        <div className="composer-pictures">
          {pictures.map((one) => (
            <span key={one.preview} className="composer-picture">
              <img src={one.preview} alt={one.name} />
              <button aria-label={t('desk.composer.remove_picture', { name: one.name })} onClick={() => dropPicture(conversation.id, one)}>
                ×
              </button>
            </span>
          ))}
        </div>
      )}
      {note && (
        <Suspense fallback={null}>
          <NoteNames conversation={conversation} text={text} named={{ mentions, consult }} setNamed={draft.keep} write={(next) => (write(next), box.current?.focus())} />
        </Suspense>
      )}
      <div className="composer-row">
        <textarea
          ref={box}
          id="composer"
          rows={2}
          value={text}
          readOnly={sending}
          maxLength={2048}
          aria-label={note ? t('desk.composer.note_label') : t('desk.composer.reply_label')}
          placeholder={note ? t('desk.composer.note_placeholder') : t('desk.composer.placeholder')}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
          onBlur={typed.stop}
        />
        <Button type="primary" loading={sending} disabled={nothing} icon={<SendHorizontal size={15} aria-hidden />} onClick={() => void sendAll()}>
          {note ? t('desk.composer.save_note') : t('desk.composer.send')}
        </Button>
      </div>
      {insert && (
        <Suspense fallback={null}>
          <InsertDialog
            kind={insert}
            appid={conversation.appid}
            close={() => setInsert(null)}
            onSend={async (body) => {
              if (!(await ready())) return;
              setInsert(null);
              await deliver(body);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

function EmojiGrid({ onChoose }: { onChoose(one: string): void }) {
  return (
    <div className="emoji">
      {emoji.map((one) => (
        <button key={one} onClick={() => onChoose(one)}>
          {one}
        </button>
      ))}
    </div>
  );
}

// Tells colleagues and the customer that an answer is being typed, at most every four seconds.
function useTyping(conversation: Conversation) {
  const live = useLive();
  const last = useRef(0);
  const id = conversation.id;
  const windowOpen = conversation.budget === null || (conversation.budget?.expires_at ?? 0) > Date.now();
  const customer = (state: 'start' | 'stop') => {
    // WeChat shows it on the phone only while the customer may be written to; a failure is nobody's trouble.
    if (windowOpen) unwrap(api.POST('/api/v1/conversations/{id}/typing', { params: { path: { id } }, body: { state } })).catch(() => {});
  };
  const typed = () => {
    if (Date.now() - last.current < 4000) return;
    last.current = Date.now();
    live.sendTyping(id);
    customer('start');
  };
  typed.stop = () => {
    if (last.current === 0) return;
    last.current = 0;
    customer('stop');
  };
  return typed;
}
