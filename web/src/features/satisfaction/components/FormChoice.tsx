// How it is asked: a text, a card to a page of the mini program, or a text with a link to our page.
import { Button, Form, Input, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureUrl, uploadPicture } from '@/shared/api/client';
import { Panel, useNotify } from '@/shared/ui/page';
import type { Settings } from '../api/satisfaction';
import type { PartProps } from './Settings';

const forms = ['text', 'card', 'link'] as const satisfies Settings['form'][];
const pageMax = 200;

export function FormChoice(props: PartProps) {
  const { t } = useTranslation();
  const { draft, change } = props;
  return (
    <Panel title={t('satisfaction.settings.form')}>
      <Radio.Group aria-label={t('satisfaction.settings.form')} className="sat-choices" value={draft.form} onChange={(event) => change({ form: event.target.value as Settings['form'] })}>
        {forms.map((form) => (
          <Radio key={form} value={form}>
            {t(`satisfaction.forms.${form}`)} <span className="muted">{t(`satisfaction.settings.form_hints.${form}`)}</span>
          </Radio>
        ))}
      </Radio.Group>
      {draft.form === 'card' && <Card {...props} />}
    </Panel>
  );
}

function Card({ appid, draft, problems, readOnly, change }: PartProps) {
  const { t } = useTranslation();
  const { card } = draft;
  return (
    <div className="sat-fields">
      <Form.Item label={t('satisfaction.settings.page')} htmlFor="card-page" extra={t('satisfaction.settings.page_hint')} validateStatus={problems.includes('page') ? 'error' : undefined} help={problems.includes('page') ? t('satisfaction.settings.page_wrong') : undefined}>
        <Input id="card-page" maxLength={pageMax} placeholder="miniops-rating/page" value={card.page} onChange={(event) => change({ card: { ...card, page: event.target.value.trim() } })} />
      </Form.Item>
      <Form.Item label={t('satisfaction.settings.cover')} htmlFor="card-cover" help={problems.includes('cover') ? t('satisfaction.settings.cover_wrong') : undefined} validateStatus={problems.includes('cover') ? 'error' : undefined}>
        {card.picture_id && <img className="sat-cover" src={pictureUrl(appid, card.picture_id)} alt={t('satisfaction.settings.cover_now')} />}
        {!readOnly && <Cover appid={appid} chosen={card.picture_id} change={(picture_id) => change({ card: { ...card, picture_id } })} />}
      </Form.Item>
    </div>
  );
}

function Cover({ appid, chosen, change }: { appid: string; chosen: string; change(picture: string): void }) {
  const { t } = useTranslation();
  const { failed } = useNotify();
  const [busy, setBusy] = useState(false);
  const choose = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      change((await uploadPicture(appid, file)).picture_id);
    } catch (problem) {
      failed(problem);
    }
    setBusy(false);
  };
  return (
    <span className="sat-line">
      <input id="card-cover" type="file" accept="image/png,image/jpeg,image/gif" disabled={busy} onChange={(event) => void choose(event.target.files?.[0])} />
      {chosen && (
        <Button type="text" size="small" onClick={() => change('')}>
          {t('satisfaction.settings.cover_remove')}
        </Button>
      )}
    </span>
  );
}
