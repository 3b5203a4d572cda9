import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';

type QuickReply = Schemas['QuickReply'];

export function matching(replies: QuickReply[], words: string): QuickReply[] {
  const sought = words.trim().toLowerCase();
  const score = (one: QuickReply) => (one.shortcut.toLowerCase().startsWith(sought) ? 0 : `${one.shortcut} ${one.title}`.toLowerCase().includes(sought) ? 1 : one.content.toLowerCase().includes(sought) ? 2 : 3);
  return replies
    .map((one) => ({ one, score: score(one) }))
    .filter((scored) => scored.score < 3)
    .sort((a, b) => a.score - b.score)
    .slice(0, 8)
    .map((scored) => scored.one);
}

export function QuickReplyMenu({ replies, chosen, onChoose, onHover }: { replies: QuickReply[]; chosen: number; onChoose(reply: QuickReply): void; onHover(index: number): void }) {
  const { t } = useTranslation();
  return (
    <div className="quick-menu">
      <ul role="listbox" aria-label={t('desk.composer.quick_replies')}>
        {replies.map((one, index) => (
          <li key={one.id} role="option" aria-selected={index === chosen} onMouseMove={() => onHover(index)} onMouseDown={(event) => event.preventDefault()} onClick={() => onChoose(one)}>
            <span className="mono">/{one.shortcut}</span> <strong>{one.title}</strong>
            <span className="quick-preview">{one.content}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
