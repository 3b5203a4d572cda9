// What the mini program knows about the customer, changed by those who serve them.
import { Button, Form, Input, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel, useNotify } from '@/shared/ui/page';
import { useChangeProfile, type Profile } from '../api/people';
import type { Attribute } from '../api/settings';
import { changeOf, hidesNumber, shownValue, withoutHidden, type AttributeValue, type Edits } from './edits';
import { HiddenNumbers } from './HiddenNumbers';

interface Props {
  appid: string;
  profile: Profile;
  attributes: Attribute[];
  mayChange: boolean;
  mayReveal: boolean;
}

export function ProfileForm({ appid, profile, attributes, mayChange, mayReveal }: Props) {
  const { t } = useTranslation();
  const [edits, setEdits] = useState<Edits>({});
  const save = useChangeProfile(appid, profile.id);
  const { done, failed } = useNotify();
  const set = (part: Edits) => setEdits((old) => ({ ...old, ...part }));
  const change = changeOf(profile, edits);
  // Somebody was faster: the page reads anew, what was written here stays, and can be saved then.
  const submit = () => save.mutateAsync(change!).then(() => (setEdits({}), done()), failed);
  // Numbers that lie apart stay with their masked form; others would be lost.
  const locked = (field: string, text: string) => hidesNumber(withoutHidden(text, profile.hidden.filter((one) => one.field === field)));
  const below = (field: string, text: string) => {
    if (locked(field, text)) return t('people.profile.masked');
    return mayReveal && profile.hidden.some((one) => one.field === field) ? <HiddenNumbers appid={appid} profile={profile} field={field} text={text} /> : undefined;
  };
  return (
    <Panel title={t('people.profile.title')}>
      <Form layout="vertical" disabled={!mayChange} onFinish={() => change && void submit()}>
        <div className="people-form">
          <Form.Item label={t('people.profile.nickname')} htmlFor="person-nickname" extra={below('nickname', profile.nickname)}>
            <Input id="person-nickname" maxLength={64} disabled={!mayChange || locked('nickname', profile.nickname)} placeholder={t('people.profile.nickname_hint')} value={edits.nickname ?? profile.nickname} onChange={(event) => set({ nickname: event.target.value })} />
          </Form.Item>
          <Form.Item label={t('people.columns.level')} htmlFor="person-level" extra={profile.level_source === 'none' ? undefined : t('people.profile.level_from', { source: t(`people.origins.${profile.level_source}`) })}>
            <InputNumber id="person-level" min={0} max={9} precision={0} value={edits.level ?? profile.level} onChange={(level) => set({ level: level ?? undefined })} />
          </Form.Item>
        </div>
        <Form.Item label={t('people.columns.tags')} htmlFor="person-tags">
          <Select id="person-tags" mode="tags" open={false} suffixIcon={null} maxCount={20} disabled={!mayChange} placeholder={t('people.profile.tags_hint')} value={edits.tags ?? profile.tags} onChange={(tags: string[]) => set({ tags: tags.map((tag) => [...tag.trim()].slice(0, 32).join('')).filter(Boolean) })} />
        </Form.Item>
        <Form.Item label={t('people.profile.note')} htmlFor="person-note" extra={below('note', profile.note)}>
          <Input.TextArea id="person-note" autoSize={{ minRows: 2, maxRows: 10 }} maxLength={2048} disabled={!mayChange || locked('note', profile.note)} placeholder={t('people.profile.note_hint')} value={edits.note ?? profile.note} onChange={(event) => set({ note: event.target.value })} />
        </Form.Item>
        <div className="people-form">
          {attributes.map((attribute) => {
            const stored = profile.attributes[attribute.key];
            const field = `attributes.${attribute.key}`;
            const masked = typeof stored === 'string' && locked(field, stored);
            return (
              <Form.Item key={attribute.key} label={attribute.name} htmlFor={`person-attribute-${attribute.key}`} extra={typeof stored === 'string' ? below(field, stored) : undefined}>
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
