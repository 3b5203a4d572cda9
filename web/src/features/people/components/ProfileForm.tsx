// What the mini program knows about the customer, changed by those who serve them.
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel, useNotify } from '@/shared/ui/page';
import { useChangeProfile, type Profile } from '../api/people';
import type { Attribute } from '../api/settings';
import { changeOf, hidesNumber, shownValue, type AttributeValue, type Edits } from './edits';

interface Props {
  appid: string;
  profile: Profile;
  attributes: Attribute[];
  mayChange: boolean;
}

export function ProfileForm({ appid, profile, attributes, mayChange }: Props) {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<Edits>({});
  const save = useChangeProfile(appid, profile.id);
  const { done, failed } = useNotify();
  const set = (part: Edits) => setEdits((old) => ({ ...old, ...part }));
  const change = changeOf(profile, edits);
  // Somebody was faster: the page reads anew, what was written here stays, and can be saved then.
  const submit = () => save.mutateAsync(change!).then(() => (setEdits({}), done()), failed);
  const hint = (text: string) => (hidesNumber(text) ? t('people.profile.masked') : undefined);
  return (
    <Panel title={t('people.profile.title')}>
      <Form layout="vertical" disabled={!mayChange} onFinish={() => change && void submit()}>
        <div className="people-form">
          <Form.Item label={t('people.profile.nickname')} htmlFor="person-nickname" extra={hint(profile.nickname)}>
            <Input id="person-nickname" maxLength={64} disabled={!mayChange || hidesNumber(profile.nickname)} placeholder={t('people.profile.nickname_hint')} value={edits.nickname ?? profile.nickname} onChange={(event) => set({ nickname: event.target.value })} />
          </Form.Item>
          <Form.Item label={t('people.columns.level')} htmlFor="person-level" extra={profile.level_source === 'none' ? undefined : t('people.profile.level_from', { source: t(`people.origins.${profile.level_source}`) })}>
            <InputNumber id="person-level" min={0} max={9} precision={0} value={edits.level ?? profile.level} onChange={(level) => set({ level: level ?? undefined })} />
          </Form.Item>
        </div>
        <Form.Item label={t('people.columns.tags')} htmlFor="person-tags" extra={profile.tags.some(hidesNumber) ? t('people.profile.masked') : undefined}>
          <Select id="person-tags" mode="tags" open={false} suffixIcon={null} maxCount={20} disabled={!mayChange || profile.tags.some(hidesNumber)} placeholder={t('people.profile.tags_hint')} value={edits.tags ?? profile.tags} onChange={(tags: string[]) => set({ tags: tags.map((tag) => [...tag.trim()].slice(0, 32).join('')).filter(Boolean) })} />
        </Form.Item>
        <Form.Item label={t('people.profile.note')} htmlFor="person-note" extra={hint(profile.note)}>
          <Input.TextArea id="person-note" autoSize={{ minRows: 2, maxRows: 10 }} maxLength={2048} disabled={!mayChange || hidesNumber(profile.note)} placeholder={t('people.profile.note_hint')} value={edits.note ?? profile.note} onChange={(event) => set({ note: event.target.value })} />
        </Form.Item>
        <div className="people-form">
          {attributes.map((attribute) => {
            const stored = profile.attributes[attribute.key];
            const masked = typeof stored === 'string' && hidesNumber(stored);
            return (
              <Form.Item key={attribute.key} label={attribute.name} htmlFor={`person-attribute-${attribute.key}`} extra={masked ? t('people.profile.masked') : undefined}>
                <AttributeInput attribute={attribute} disabled={!mayChange || masked} value={shownValue(profile, edits, attribute.key)} write={(value) => set({ attributes: { ...edits.attributes, [attribute.key]: value } })} />
              </Form.Item>
            );
          })}
        </div>
        {mayChange && (
          <div className="people-line">
            <Button type="primary" htmlType="submit" disabled={!change} loading={save.isPending}>
              {t('common.save')}
            </Button>
            {change && <Button onClick={() => setEdits({})}>{t('common.undo')}</Button>}
          </div>
        )}
      </Form>
    </Panel>
  );
}

interface AttributeProps {
  attribute: Attribute;
  disabled: boolean;
  value: AttributeValue;
  write(value: AttributeValue): void;
}

function AttributeInput({ attribute, disabled, value, write }: AttributeProps) {
  const id = `person-attribute-${attribute.key}`;
  const text = String(value ?? '');
  switch (attribute.type) {
    case 'number':
      return <InputNumber id={id} disabled={disabled} style={{ width: '100%' }} min={attribute.number_min ?? undefined} max={attribute.number_max ?? undefined} value={value as number | null} onChange={(next) => write(next)} />;
    case 'date':
      return <Input id={id} type="date" disabled={disabled} value={text} onChange={(event) => write(event.target.value || null)} />;
    case 'choice': {
      // A choice that was taken off the list stays until it is changed.
      const choices = value === null || attribute.choices.includes(text) ? attribute.choices : [...attribute.choices, text];
      return <Select id={id} allowClear disabled={disabled} value={value ?? undefined} options={choices.map((one) => ({ value: one, label: one }))} onChange={(next?: AttributeValue) => write(next ?? null)} />;
    }
    default:
      return <Input id={id} disabled={disabled} maxLength={attribute.chars_max ?? undefined} value={text} onChange={(event) => write(event.target.value || null)} />;
  }
}
