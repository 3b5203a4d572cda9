// A custom attribute in a form. Its key and type stay for ever: values hang on them.
import { Form, Input, InputNumber, Modal, Segmented, Select, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { useAddAttribute, useChangeAttribute, type Attribute } from '../api/settings';
import { changeOf, draftOf, fresh, inputOf, mistakesOf, revokeCodes, types, type Draft } from './attributeDraft';

interface Props {
  appid: string;
  attribute: Attribute | null;
  position: number; // of a new one
  close(): void;
}

export function AttributeDialog({ appid, attribute, position, close }: Props) {
  const { t } = useTranslation();
  const add = useAddAttribute(appid);
  const change = useChangeAttribute(appid);
  const { done, failed } = useNotify();
  const [draft, setDraft] = useState<Draft>(() => (attribute ? draftOf(attribute) : fresh(position)));
  const set = (part: Partial<Draft>) => setDraft((old) => ({ ...old, ...part }));
  const mistakes = mistakesOf(draft);
  const save = () => (attribute ? change.mutateAsync({ id: attribute.id, change: changeOf(draft) }) : add.mutateAsync(inputOf(draft))).then(() => (done(), close()), failed);
  // A limit that is stored can be moved, not taken away.
  const limit = (name: 'number_min' | 'number_max') => (
    <InputNumber aria-label={t(`people.attributes.${name}`)} placeholder={t(`people.attributes.${name}`)} style={{ width: 140 }} status={mistakes.includes('limits') ? 'error' : undefined} value={draft[name]} onChange={(value) => set({ [name]: value ?? attribute?.[name] ?? null })} />
  );
  return (
    <Modal
      open
      title={attribute ? t('people.attributes.edit', { name: attribute.name }) : t('people.attributes.add')}
      okText={t('common.save')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: mistakes.length > 0 }}
      confirmLoading={add.isPending || change.isPending}
      onCancel={close}
      onOk={() => void save()}
    >
      <Form layout="vertical">
        <Form.Item label={t('people.attributes.name')} htmlFor="attribute-name">
          <Input id="attribute-name" maxLength={32} value={draft.name} onChange={(event) => set({ name: event.target.value })} />
        </Form.Item>
        <Form.Item label={t('people.attributes.key')} htmlFor="attribute-key" extra={t('people.attributes.key_hint')}>
          <Input id="attribute-key" maxLength={32} disabled={!!attribute} status={draft.key !== '' && mistakes.includes('key') ? 'error' : undefined} value={draft.key} onChange={(event) => set({ key: event.target.value.trim() })} />
        </Form.Item>
        <Form.Item label={t('people.attributes.type')}>
          <Segmented aria-label={t('people.attributes.type')} disabled={!!attribute} value={draft.type} options={types.map((value) => ({ value, label: t(`people.attributes.types.${value}`) }))} onChange={(type) => set({ type })} />
        </Form.Item>
        {draft.type === 'choice' && (
          <Form.Item label={t('people.attributes.choices')} htmlFor="attribute-choices" extra={t('people.attributes.choices_hint')}>
            <Select id="attribute-choices" mode="tags" open={false} suffixIcon={null} maxCount={50} value={draft.choices} onChange={(choices: string[]) => set({ choices: choices.map((one) => [...one.trim()].slice(0, 64).join('')).filter(Boolean) })} />
          </Form.Item>
        )}
        {draft.type === 'text' && (
          <Form.Item label={t('people.attributes.chars_max')} htmlFor="attribute-chars">
            <InputNumber id="attribute-chars" min={1} max={500} precision={0} value={draft.chars_max} onChange={(value) => set({ chars_max: value ?? 200 })} />
          </Form.Item>
        )}
        {draft.type === 'number' && (
          <Form.Item label={t('people.attributes.limits')}>
            <Space wrap>
              {limit('number_min')}
              {limit('number_max')}
            </Space>
          </Form.Item>
        )}
        <Form.Item label={t('people.attributes.revoke')} htmlFor="attribute-revoke" extra={t('people.attributes.revoke_hint')}>
          <Select id="attribute-revoke" value={draft.revoke_code} options={revokeCodes.map((value) => ({ value: value as number, label: t(`people.attributes.codes.${`c${value}` as 'c0'}`) }))} onChange={(revoke_code) => set({ revoke_code })} />
        </Form.Item>
        <Form.Item label={t('people.attributes.position')} htmlFor="attribute-position">
          <InputNumber id="attribute-position" min={0} max={1000} precision={0} value={draft.position} onChange={(value) => set({ position: value ?? 0 })} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
