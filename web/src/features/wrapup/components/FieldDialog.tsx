// A custom field of conversations in a form. Its key and type stay for ever: values hang on them.
import { Form, Input, InputNumber, Modal, Segmented, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import type { Field } from '@/shared/wrapup/wrapUp';
import { useAddField, useChangeField } from '../api/wrapUp';
import { changeOf, draftOf, fresh, inputOf, mistakesOf, types, type Draft } from './fieldDraft';

export function FieldDialog({ appid, field, close }: { appid: string; field: Field | null; close(): void }) {
  const { t } = useTranslation();
  const add = useAddField(appid);
  const change = useChangeField(appid);
  const { done, failed } = useNotify();
  const [draft, setDraft] = useState<Draft>(() => (field ? draftOf(field) : fresh));
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const mistakes = mistakesOf(draft);
  const save = () => (field ? change.mutateAsync({ id: field.id, ...changeOf(draft) }) : add.mutateAsync(inputOf(draft))).then(() => (done(), close()), failed);
  // A limit that is stored can be moved, not taken away.
  const limit = (name: 'number_min' | 'number_max') => (
    <InputNumber aria-label={t(`wrapup.fields.${name}`)} placeholder={t(`wrapup.fields.${name}`)} style={{ width: 140 }} status={mistakes.includes('limits') ? 'error' : undefined} value={draft[name]} onChange={(value) => set({ [name]: value ?? field?.[name] ?? null })} />
  );
  return (
    <Modal
      open
      title={field ? t('wrapup.edit', { name: field.name }) : t('wrapup.fields.add')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: mistakes.length > 0 }}
      confirmLoading={add.isPending || change.isPending}
      onCancel={close}
      onOk={() => void save()}
    >
      <Form layout="vertical">
        <Form.Item label={t('wrapup.name')} htmlFor="field-name">
          <Input id="field-name" autoFocus maxLength={32} value={draft.name} onChange={(event) => set({ name: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('wrapup.fields.key')} htmlFor="field-key" extra={t('wrapup.fields.key_hint')}>
          <Input id="field-key" maxLength={32} disabled={!!field} status={draft.key !== '' && mistakes.includes('key') ? 'error' : undefined} value={draft.key} onChange={(event) => set({ key: event.target.value.trim() })} />
        </Form.Item>
        <Form.Item label={t('wrapup.fields.type')}>
          <Segmented aria-label={t('wrapup.fields.type')} disabled={!!field} value={draft.type} options={types.map((value) => ({ value, label: t(`wrapup.fields.types.${value}`) }))} onChange={(type) => set({ type })} />
        </Form.Item>
        {draft.type === 'choice' && (
          <Form.Item label={t('wrapup.fields.choices')} htmlFor="field-choices" extra={t('wrapup.fields.choices_hint')}>
            <Select id="field-choices" mode="tags" open={false} suffixIcon={null} maxCount={50} value={draft.choices} onChange={(choices: string[]) => set({ choices: choices.map((one) => [...one.trim()].slice(0, 64).join('')).filter(Boolean) })} />
          </Form.Item>
        )}
        {draft.type === 'text' && (
          <Form.Item label={t('wrapup.fields.chars_max')} htmlFor="field-chars">
            <InputNumber id="field-chars" min={1} max={500} precision={0} value={draft.chars_max} onChange={(value) => set({ chars_max: value ?? 200 })} />
          </Form.Item>
        )}
        {draft.type === 'number' && (
          <Form.Item label={t('wrapup.fields.limits')}>
            <Space wrap>
              {limit('number_min')}
              {limit('number_max')}
            </Space>
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
