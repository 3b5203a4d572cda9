// One message, and for those that we send: on their way → accepted by WeChat → failed with the reason in plain words.
import { Button, Popover } from 'antd';
import i18next from 'i18next';
import { AppWindow, Check, CircleAlert, Clock3, Flag, Link2, LoaderCircle, MapPin, PauseCircle, TriangleAlert } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { loadStrings } from '@/i18n';
import { mediaUrl, pictureUrl } from '@/shared/api/client';
import { late } from '@/shared/ui/late';
import { Loading, useNotify } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useAttempts, useResend } from '../api/conversations';
import type { Message } from '../api/cache';
import { discard, sendAgain, waits, type Pending } from '../api/outgoing';
import { BubblePicture } from './BubblePicture';

const hiddenNumbers = async () => (await Promise.all([import('./HiddenNumbers'), loadStrings('sealing')]))[0];
const HiddenText = late(async () => ({ default: (await hiddenNumbers()).HiddenText }));
const HiddenList = late(async () => ({ default: (await hiddenNumbers()).HiddenList }));

export function Bubble({ message, appid, last }: { message: Message; appid: string; last: boolean }) {
  const { t } = useTranslation();
  const note = message.direction === 'note';
  const troubled = message.state === 'failed' || message.state === 'held' || message.possibly_repeated;
  return (
    <>
      <div className={`bubble bubble-${message.direction}${message.msgtype === 'image' ? ' bubble-bare' : ''}`} data-message-id={message.id} data-state={message.state}>
        {note && <span className="bubble-note-mark">{message.whispered_to ? t('desk.thread.whisper') : message.note?.consult ? `${t('desk.thread.consult')} · ${t('desk.thread.private_note')}` : t('desk.thread.private_note')}</span>}
        <Content message={message} appid={appid} />
        {message.hidden?.some((one) => one.field !== 'content') && (
          <Suspense fallback={null}>
            <HiddenList appid={appid} message={message} />
          </Suspense>
        )}
        {message.flagged && (
          <span className="bubble-flag">
            <Flag size={12} aria-hidden /> {t('desk.thread.flagged')}{message.flagged_words && ` · ${message.flagged_words}`}
          </span>
        )}
      </div>
      {message.direction === 'out' && (last || troubled || message.state !== 'sent') && <Delivery message={message} />}
    </>
  );
}

function Content({ message, appid }: { message: Message; appid: string }) {
  const { t } = useTranslation();
  const said = message.text ?? message.note;
  if (said && message.hidden) {
    return (
      <span className="bubble-text">
        <Suspense fallback={said.content}>
          <HiddenText appid={appid} message={message} plain={linked} />
        </Suspense>
      </span>
    );
  }
  if (message.text) return <span className="bubble-text">{linked(message.text.content)}</span>;
  if (message.msgtype === 'erased') return <em className="muted">{t('desk.thread.erased')}</em>;
  if (message.note) return <span className="bubble-text">{message.note.content}</span>;
  if (message.image) {
    const { media_id, picture_id } = message.image;
    return <BubblePicture src={picture_id ? pictureUrl(appid, picture_id) : mediaUrl(appid, media_id ?? '')} mediaId={media_id} />;
  }
  if (message.link) {
    return (
      <a className="card" href={safeUrl(message.link.url)} target="_blank" rel="noreferrer noopener">
        <strong>{message.link.title}</strong>
        <span className="card-text">{message.link.description}</span>
        <span className="card-foot"><Link2 size={13} aria-hidden /> {hostOf(message.link.url)}</span>
      </a>
    );
  }
  if (message.miniprogrampage) {
    const card = message.miniprogrampage;
    return (
      <span className="card">
        <strong>{card.title}</strong>
        {card.picture_id && <img className="card-cover" src={pictureUrl(appid, card.picture_id)} alt="" />}
        {!card.picture_id && card.thumb_media_id && message.direction === 'in' && <img className="card-cover" src={mediaUrl(appid, card.thumb_media_id)} alt="" />}
        <span className="card-text mono">{card.pagepath || card.page_path}</span>
        <span className="card-foot"><AppWindow size={13} aria-hidden /> {t('desk.kind.miniprogrampage')}</span>
      </span>
    );
  }
  if (message.location) {
    return (
      <span className="card">
        <strong>{message.location.label || t('desk.kind.location')}</strong>
        <span className="card-foot"><MapPin size={13} aria-hidden /> {message.location.latitude}, {message.location.longitude}</span>
      </span>
    );
  }
  return (
    <span>
      <span className="muted">{t('desk.thread.unsupported', { type: message.msgtype })}</span>
      {message.raw && <pre className="bubble-raw">{message.raw}</pre>}
    </span>
  );
}

// Only addresses of the web are links; everything else that a customer writes stays text.
const safeUrl = (url: string) => (/^https?:\/\//i.test(url) ? url : undefined);
const hostOf = (url: string) => {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
};

function linked(text: string) {
  return text.split(/(https?:\/\/[^\s<>"'，。！？、；：）】]+)/g).map((part, index) =>
    index % 2 === 1 ? (
      <a key={index} href={part} target="_blank" rel="noreferrer noopener">
        {part}
      </a>
    ) : (
      part
    ),
  );
}

// Who could not be asked counts as not asked: the link in the question is dead.
const questionCause = 'satisfaction';

const icons = { received: Check, queued: Clock3, sending: LoaderCircle, sent: Check, failed: CircleAlert, held: PauseCircle };

function Delivery({ message }: { message: Message }) {
  const { t } = useTranslation();
  const resend = useResend();
  const notify = useNotify();
  const Icon = icons[message.state];
  const reason = reasonText(message);
  return (
    <div className={`delivery delivery-${message.state}`}>
      <Popover trigger="click" content={<Attempts message={message} />} destroyOnHidden>
        <button className="delivery-state" title={t('desk.delivery.history')}>
          <Icon size={13} aria-hidden className={message.state === 'sending' ? 'spin' : undefined} />
          {t(`desk.delivery.${message.state}`)}
          {(message.attempts ?? 0) > 1 && <span className="num"> · {t('desk.delivery.tries', { n: message.attempts })}</span>}
        </button>
      </Popover>
      {message.possibly_repeated && (
        <span className="delivery-repeated" title={t('desk.delivery.repeated_hint')}>
          <TriangleAlert size={13} aria-hidden /> {t('desk.delivery.repeated')}
        </span>
      )}
      {message.state !== 'sent' && reason && (
        <span className="delivery-reason">
          {reason}
          {!!message.errcode && <span className="mono"> {message.errcode}</span>}
        </span>
      )}
      {message.state === 'failed' && message.cause !== questionCause && (
        <Button size="small" loading={resend.isPending} onClick={() => resend.mutate(message, { onError: notify.failed })}>
          {t('desk.delivery.resend')}
        </Button>
      )}
    </div>
  );
}

const knownReasons = ['window_closed', 'budget_spent', 'no_token', 'expired', 'wechat_busy', 'quota_spent', 'picture_expired', 'rate_limited', 'network'] as const;
// In the reader's language where the reason says it all; WeChat's refusals are explained by the server.
function reasonText(message: Message): string {
  const known = knownReasons.find((one) => one === message.reason);
  if (known) return i18next.t(`desk.reason.${known}`);
  return message.explanation || (message.reason === 'wechat_error' ? i18next.t('desk.reason.wechat_error') : (message.reason ?? ''));
}

function Attempts({ message }: { message: Message }) {
  const { t } = useTranslation();
  const attempts = useAttempts(message, true);
  if (!attempts.data) return <Loading rows={2} />;
  return (
    <div className="attempts">
      <strong>{t('desk.delivery.history')}</strong>
      {attempts.data.items.length === 0 && <p className="muted">{t('desk.delivery.no_attempt')}</p>}
      <ol>
        {attempts.data.items.map((one, index) => (
          <li key={index}>
            <Exact at={one.at} /> · {attemptState(one.state)}
            {!!one.errcode && <span className="mono"> {one.errcode} {one.errmsg}</span>}
            {one.uncertain && one.state !== 'uncertain' && <span className="muted"> · {t('desk.delivery.uncertain')}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}

const knownStates = ['queued', 'sending', 'sent', 'failed', 'held', 'not_sent', 'uncertain'] as const;
function attemptState(state: string): string {
  const known = knownStates.find((one) => one === state);
  return known ? i18next.t(`desk.delivery.${known}`) : state;
}

const DoubtsOf = late(async () => (await Promise.all([import('./DoubtsOf'), loadStrings('content_check')]))[0]);

export function PendingBubble({ pending }: { pending: Pending }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [gone, setGone] = useState(false);
  const { body } = pending;
  const note = body.msgtype === 'note';
  if (gone) return null;
  const waiting = waits(pending);
  return (
    <div className="wb-line wb-line-out wb-line-first">
      <div className="wb-line-body">
        <div className={`bubble bubble-${note ? 'note' : 'out'} bubble-pending`} data-client-id={pending.client_id}>
          {pending.preview ? <img className="bubble-picture" src={pending.preview} alt={t('desk.kind.image')} /> : <span className="bubble-text">{body.text?.content ?? body.note?.content ?? body.link?.title ?? body.miniprogrampage?.title ?? t('desk.kind.image')}</span>}
        </div>
        {pending.code ? (
          <div className={waiting ? 'delivery' : 'delivery delivery-failed'}>
            <span className="delivery-state">
              {waiting ? <Clock3 size={13} aria-hidden /> : <CircleAlert size={13} aria-hidden />} {t(waiting ? 'desk.delivery.goes_later' : 'desk.delivery.not_accepted')}
            </span>
            {!waiting && (
              <span className="delivery-reason">
                {pending.problem || t('errors.network_unreachable')} <span className="mono">{pending.code}</span>
              </span>
            )}
            {pending.answers?.map((answer) => (
              <blockquote key={answer.seq} className="delivery-answer">
                <strong>{answer.sender_name}</strong> {answer.summary}
              </blockquote>
            ))}
            {pending.doubts ? (
              <Suspense fallback={null}>
                <DoubtsOf pending={pending} doubts={pending.doubts} />
              </Suspense>
            ) : (
              <Button size="small" onClick={() => void sendAgain(client, pending.client_id)}>
                {pending.answers ? t('desk.delivery.send_anyway') : t('common.retry')}
              </Button>
            )}
            <Button
              size="small"
              type="text"
              onClick={() => {
                setGone(true);
                discard(pending.client_id);
              }}
            >
              {t('desk.delivery.discard')}
            </Button>
          </div>
        ) : (
          <div className="delivery">
            <span className="delivery-state">
              <LoaderCircle size={13} className="spin" aria-hidden /> {t('desk.delivery.sending')}
            </span>
          </div>
        )}
      </div>
    </div>
  );
}
