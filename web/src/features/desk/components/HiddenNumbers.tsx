// Phones, ID and card numbers that a message hides: who may see one shows it, one at a time. Nothing keeps it: it is gone
// when the message leaves the screen.
import { useMutation } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, unwrap } from '@/shared/api/client';
import { usePermissions } from '@/shared/session/session';
import { useNotify } from '@/shared/ui/page';
import type { Message } from '../api/cache';
import { pieces, textOf, type HiddenNumber } from './hiddenPieces';
import './hidden.css';

interface Props {
  appid: string;
  message: Message;
  plain(text: string): ReactNode; // what is not hidden
}

// A text with its numbers in it.
export function HiddenText({ appid, message, plain }: Props) {
  const hidden = (message.hidden ?? []).filter((one) => one.field === 'content');
  return pieces(textOf(message, 'content'), hidden).map((piece, index) =>
    piece.hidden ? <Hidden key={index} appid={appid} message={message} one={piece.hidden} text={piece.text} /> : <Fragment key={index}>{plain(piece.text)}</Fragment>,
  );
}

// Of a card, whose whole is a link: below it.
export function HiddenList({ appid, message }: Omit<Props, 'plain'>) {
  const hidden = (message.hidden ?? []).filter((one) => one.field !== 'content');
  const fields = [...new Set(hidden.map((one) => one.field))];
  const all = fields.flatMap((field) => pieces(textOf(message, field), hidden.filter((one) => one.field === field))).filter((piece) => piece.hidden);
  return (
    <span className="bubble-hidden-list">
      {all.map((piece) => (
        <Hidden key={piece.hidden!.position} appid={appid} message={message} one={piece.hidden!} text={piece.text} />
      ))}
    </span>
  );
}

// One number, wherever it is shown.
export function Hidden({ appid, message, one, text }: { appid: string; message: Pick<Message, 'id' | 'conversation_id'>; one: Pick<HiddenNumber, 'position' | 'kind'>; text: string }) {
  const { t } = useTranslation();
  const { can } = usePermissions();
  const { failed } = useNotify();
  const reveal = useMutation({
    gcTime: 0,
    mutationFn: () => unwrap(api.POST('/api/v1/conversations/{id}/messages/{message_id}/reveal', { params: { path: { id: message.conversation_id, message_id: message.id } }, body: { position: one.position } })),
  });
  const kind = t(`sealing.kind.${one.kind}`);
  if (reveal.data) return <span className="bubble-shown num" title={kind}>{reveal.data.value}</span>;
  if (!can('personal_data.read', appid)) return <span className="num" title={kind}>{text}</span>;
  return (
    <button type="button" className="bubble-hidden" title={`${kind} · ${t('sealing.show_hint')}`} disabled={reveal.isPending} onClick={() => reveal.mutate(undefined, { onError: failed })}>
      <span className="num">{text}</span> <Eye size={13} aria-hidden /> {t('sealing.show')}
    </button>
  );
}
