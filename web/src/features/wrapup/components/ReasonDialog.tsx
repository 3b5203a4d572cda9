// A contact reason: its name, and what suggests it to agents.
import { Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { cleanTags, type Reason } from '@/shared/wrapup/wrapUp';
import { useAddReason, useChangeReason, useRules } from '../api/wrapUp';

export interface Edited {
  parent: Reason | null;
  reason?: Reason; // none: a new one
}

export function ReasonDialog({ appid, edited: { parent, reason }, close }: { appid: string; edited: Edited; close(): void }) {
  const { t } = useTranslation();
  const add = useAddReason(appid);
  const change = useChangeReason(appid);
  const rules = useRules(appid);
  const { done, failed } = useNotify();
  const [name, setName] = useState(reason?.name ?? '');
  const [tags, setTags] = useState(reason?.tags ?? []);
  const [rule_ids, setRules] = useState(reason?.rule_ids ?? []);
  const title = reason ? t('wrapup.edit', { name: reason.name }) : parent ? t('wrapup.reasons.add_below', { name: parent.name }) : t('wrapup.reasons.add');
  const body = { name: name.trim(), tags, rule_ids };
  const ready = body.name !== '';
  const save = () => ready && (reason ? change.mutateAsync({ id: reason.id, ...body }) : add.mutateAsync({ ...body, ...(parent && { parent_id: parent.id }) })).then(() => (done(), close()), failed);
  const options = [...(rules.data ?? []).map((one) => ({ value: one.id, label: one.name })), ...rule_ids.filter((id) => rules.data && !rules.data.some((one) => one.id === id)).map((value) => ({ value, label: t('wrapup.reasons.gone_rule') }))];
  return (
    <Modal open title={title} okText={t('common.save')} cancelText={t('common.cancel')} okButtonProps={{ disabled: !ready }} confirmLoading={add.isPending || change.isPending} onCancel={close} onOk={() => void save()}>
      <Form layout="vertical">
        <Form.Item label={t('wrapup.name')} htmlFor="reason-name">
          <Input id="reason-name" autoFocus maxLength={32} value={name} onChange={(event) => setName(event.target.value)} onPressEnter={() => void save()} />
        </Form.Item>
        <Form.Item label={t('wrapup.reasons.by_rules')} htmlFor="reason-rules" extra={t('wrapup.reasons.by_rules_hint')}>
          <Select id="reason-rules" mode="multiple" showSearch={{ optionFilterProp: 'label' }} maxCount={50} loading={rules.isFetching} value={rule_ids} options={options} onChange={(chosen: string[]) => setRules(chosen)} />
        </Form.Item>
        <Form.Item label={t('wrapup.reasons.by_tags')} htmlFor="reason-tags" extra={t('wrapup.reasons.by_tags_hint')}>
          <Select id="reason-tags" mode="tags" open={false} suffixIcon={null} maxCount={20} value={tags} onChange={(chosen: string[]) => setTags(cleanTags(chosen))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
