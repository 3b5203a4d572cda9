// What comes to the customer's phone.
import { AppWindow } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { pictureUrl } from '@/shared/api/client';
import type { Settings } from '../api/satisfaction';

export function Preview({ appid, draft: { form, card }, text }: { appid: string; draft: Settings; text: string }) {
  const { t } = useTranslation();
  if (form === 'card')
    return (
      <div className="sat-bubble sat-card">
        <strong>{text}</strong>
        {card.picture_id ? <img src={pictureUrl(appid, card.picture_id)} alt="" /> : <span className="sat-no-cover">{t('satisfaction.preview.no_cover')}</span>}
        <span className="muted sat-small">
          <AppWindow size={13} aria-hidden /> {t('satisfaction.preview.miniprogram')}
        </span>
      </div>
    );
  return (
    <div className="sat-bubble">
      {text}
      {form === 'link' && <span className="sat-link">{'https://…/rate/…'}</span>}
    </div>
  );
}
