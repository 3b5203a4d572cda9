// The question, in each language that customers have, and how it looks on their phone.
import { Button, Form, Input, Segmented, Select } from 'antd';
import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { currentLanguage } from '@/i18n';
import { Panel } from '@/shared/ui/page';
import { Preview } from './Preview';
import type { PartProps } from './Settings';
import { charsOf, commonLanguages, languageName, languagesMax, textMaxOf, withoutText, withText } from './settingsDraft';

const nameOf = (language: string) => languageName(language, currentLanguage());

export function Texts(props: PartProps) {
  const { t } = useTranslation();
  const { draft } = props;
  return (
    <Panel title={t('satisfaction.texts.title')}>
      <p className="muted panel-note">{draft.form === 'card' ? t('satisfaction.texts.card_hint') : t('satisfaction.texts.hint')}</p>
      <div className="sat-pair">
        <div className="sat-fields">
          {draft.texts.map((one) => (
            <OneText key={one.language} {...props} language={one.language} text={one.text} />
          ))}
          <Languages {...props} />
        </div>
        <Previews {...props} />
      </div>
    </Panel>
  );
}

function OneText({ draft, readOnly, change, language, text }: PartProps & { language: string; text: string }) {
  const { t } = useTranslation();
  const max = textMaxOf(draft);
  const wrong = text.trim() === '' ? t('satisfaction.texts.missing') : charsOf(text) > max ? t('satisfaction.texts.too_long', { n: max }) : undefined;
  const id = `text-${language}`;
  return (
    <Form.Item label={t('satisfaction.texts.in', { language: nameOf(language) })} htmlFor={id} validateStatus={wrong ? 'error' : undefined} help={wrong}>
      <div className="sat-text">
        <Input.TextArea id={id} autoSize={{ minRows: 2, maxRows: 8 }} count={{ show: true, max, strategy: charsOf }} value={text} onChange={(event) => change({ texts: withText(draft.texts, language, event.target.value) })} />
        {!readOnly && draft.texts.length > 1 && <Button type="text" aria-label={t('satisfaction.texts.remove', { language: nameOf(language) })} icon={<X size={15} aria-hidden />} onClick={() => change(withoutText(draft, language))} />}
      </div>
    </Form.Item>
  );
}

function Languages({ draft, readOnly, change }: PartProps) {
  const { t } = useTranslation();
  const { texts, language } = draft;
  const left = commonLanguages.filter((one) => !texts.some((each) => each.language === one));
  const add = (added: string | null) => added && change({ texts: [...texts, { language: added, text: '' }] });
  return (
    <>
      {!readOnly && texts.length < languagesMax && <Select aria-label={t('satisfaction.texts.add')} placeholder={t('satisfaction.texts.add')} style={{ minWidth: 180, marginBottom: 16 }} showSearch={{ optionFilterProp: 'label' }} value={null} options={left.map((value) => ({ value, label: nameOf(value) }))} onChange={add} />}
      <Form.Item label={t('satisfaction.texts.otherwise')} htmlFor="text-otherwise">
        <Select id="text-otherwise" style={{ maxWidth: 240 }} value={language} options={texts.map((one) => ({ value: one.language, label: nameOf(one.language) }))} onChange={(next: string) => change({ language: next })} />
      </Form.Item>
    </>
  );
}

function Previews({ appid, draft }: PartProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState(draft.language);
  const shown = draft.texts.find((one) => one.language === chosen) ?? draft.texts[0]!;
  return (
    <section className="sat-preview" aria-label={t('satisfaction.preview.title')}>
      <span className="sat-line">
        <h3>{t('satisfaction.preview.title')}</h3>
        {draft.texts.length > 1 && <Segmented size="small" disabled={false} aria-label={t('satisfaction.preview.language')} value={shown.language} options={draft.texts.map((one) => ({ value: one.language, label: nameOf(one.language) }))} onChange={setChosen} />}
      </span>
      <Preview appid={appid} draft={draft} text={shown.text} />
    </section>
  );
}
