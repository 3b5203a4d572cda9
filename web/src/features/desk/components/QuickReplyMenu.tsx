import { useTranslation } from 'react-i18next';
import { pictureUrl } from '@/shared/api/client';
import { nameOf, plainText, type QuickReply } from '@/shared/quick_replies/quickReplies';

export const offeredMax = 8;

interface Props {
  appid: string;
  replies: QuickReply[];
  chosen: number;
  onChoose(reply: QuickReply): void;
  onHover(index: number): void;
}

const intoView = (option: HTMLElement | null) => option?.scrollIntoView?.({ block: 'nearest' });

export function QuickReplyMenu({ appid, replies, chosen, onChoose, onHover }: Props) {
  const { t } = useTranslation();
  return (
    <div className="quick-menu">
      <ul role="listbox" aria-label={t('desk.composer.quick_replies')}>
        {replies.map((one, index) => (
          <li key={one.id} ref={index === chosen ? intoView : undefined} role="option" aria-selected={index === chosen} onMouseMove={() => onHover(index)} onMouseDown={(event) => event.preventDefault()} onClick={() => onChoose(one)}>
            {one.picture_id && <img className="quick-thumb" src={pictureUrl(appid, one.picture_id)} alt={t('desk.kind.image')} />}
            {one.shortcut && <span className="mono">/{one.shortcut}</span>} {(one.title || !one.shortcut) && <strong>{one.title || nameOf(one)}</strong>} {one.folder && <span className="wb-small muted">{one.folder}</span>}
            <span className="quick-preview">{plainText(one.content)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
