// One rule. Replies that are not text are kept as they are.
import { Button, Form, Input, InputNumber, Modal, Segmented, Select } from 'antd';
import { Plus, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useNotify } from '@/shared/ui/page';
import { useSaveRule } from '../api/settings';

type Rule = Schemas['Rule'];
interface Values {
  name: string;
  kind: Schemas['RuleKind'];
  match: Rule['match'];
  patterns: string[];
  texts: string[];
  priority: number;
  pause_s: number;
}

const kinds = ['keyword', 'greeting', 'out_of_hours', 'default'] as const;

export function RuleDialog({ appid, rule, close }: { appid: string; rule: Rule | null; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const save = useSaveRule(appid);
  const [form] = Form.useForm<Values>();
  const kind = Form.useWatch('kind', form) ?? rule?.kind ?? 'keyword';
  const kept = rule?.replies.filter((one) => one.msgtype !== 'text') ?? [];
  const submit = (values: Values) => {
    const replies: Schemas['Reply'][] = [...values.texts.filter((one) => one?.trim()).map((content) => ({ msgtype: 'text' as const, text: { content } })), ...kept];
    const matching = values.kind === 'keyword' ? { match: values.match, patterns: values.patterns } : { match: 'contains' as const, patterns: [] };
    save.mutate(
      { id: rule?.id, name: values.name.trim(), kind: values.kind, ...matching, replies, priority: values.priority, pause_s: values.pause_s, enabled: rule?.enabled ?? true },
      { onSuccess: close, onError: notify.failed },
    );
  };
  const initial: Values = rule
    ? { ...rule, texts: rule.replies.flatMap((one) => (one.text ? [one.text.content] : [])) }
    : { name: '', kind: 'keyword', match: 'contains', patterns: [], texts: [''], priority: 100, pause_s: 0 };
  return (
    <Modal open width={600} title={rule ? t('desk.rules.edit') : t('desk.rules.add')} onCancel={close} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={save.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} initialValues={initial} onFinish={submit}>
        <Form.Item name="name" label={t('desk.rules.name')} rules={[{ required: true, max: 64 }]}>
          <Input autoFocus />
        </Form.Item>
        <Form.Item name="kind" label={t('desk.rules.kind')} extra={t(`desk.rules.kind_hints.${kind}`)}>
          <Segmented options={kinds.map((value) => ({ value, label: t(`desk.rules.kinds.${value}`) }))} />
        </Form.Item>
        {kind === 'keyword' && (
          <>
            <Form.Item name="match" label={t('desk.rules.match')}>
              <Segmented options={(['contains', 'equals', 'regex'] as const).map((value) => ({ value, label: t(`desk.rules.matches.${value}`) }))} />
            </Form.Item>
            <Form.Item name="patterns" label={t('desk.rules.patterns')} extra={t('desk.rules.patterns_hint')} rules={[{ required: true, type: 'array', min: 1 }]}>
              <Select mode="tags" open={false} suffixIcon={null} />
            </Form.Item>
          </>
        )}
        <Form.List name="texts">
          {(fields, { add, remove }) => (
            <>
              {fields.map((field, index) => (
                <Form.Item key={field.key} label={index === 0 ? t('desk.rules.reply') : undefined}>
                  <div style={{ display: 'flex', gap: 8 }}>
                    <Form.Item name={field.name} noStyle rules={[{ required: kept.length === 0, max: 2048 }]}>
                      <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} aria-label={t('desk.rules.reply')} />
                    </Form.Item>
                    {fields.length > 1 && <Button type="text" aria-label={t('common.remove')} icon={<X size={15} aria-hidden />} onClick={() => remove(field.name)} />}
                  </div>
                </Form.Item>
              ))}
              {fields.length < 5 - kept.length && (
                <Button type="link" size="small" style={{ padding: 0, marginBottom: 16 }} icon={<Plus size={14} aria-hidden />} onClick={() => add('')}>
                  {t('desk.rules.add_reply')}
                </Button>
              )}
            </>
          )}
        </Form.List>
        <div style={{ display: 'flex', gap: 24, flexWrap: 'wrap' }}>
          <Form.Item name="priority" label={t('desk.rules.priority')} extra={t('desk.rules.priority_hint')}>
            <InputNumber min={0} max={1000} />
          </Form.Item>
          <Form.Item name="pause_s" label={t('desk.rules.pause')} extra={t('desk.rules.pause_hint')}>
            <InputNumber min={0} max={604800} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}
