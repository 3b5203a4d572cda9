import { Button, Form, Input, Modal, Segmented } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { usePermissions } from '@/shared/session/session';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useQuickReplies, useRemoveQuickReply, useSaveQuickReply } from '../api/settings';
import type { SettingsPart } from './part';

type QuickReply = Schemas['QuickReply'];

export function QuickReplySettings({ appid, mayChange }: SettingsPart) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { can } = usePermissions();
  const replies = useQuickReplies(appid);
  const remove = useRemoveQuickReply(appid);
  const [editing, setEditing] = useState<QuickReply | 'new' | null>(null);
  const mayReply = can('desk.reply', appid);
  return (
    <>
      <Panel
        extra={
          mayReply && (
            <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEditing('new')}>
              {t('desk.quick.add')}
            </Button>
          )
        }
      >
        <Loaded query={replies}>
          {(list) =>
            list.items.length === 0 ? (
              <Empty title={t('desk.quick.empty')} text={t('desk.quick.empty_hint')} />
            ) : (
              <ul className="rules">
                {list.items.map((one) => (
                  <li key={one.id}>
                    <div className="rule-text">
                      <div>
                        <span className="mono">/{one.shortcut}</span> <strong>{one.title}</strong> <span className="muted">· {t(`desk.quick.scopes.${one.scope}`)}</span>
                      </div>
                      <span className="rule-reply">{one.content}</span>
                    </div>
                    {mayReply && (one.scope === 'personal' || mayChange) && (
                      <span>
                        <Button type="text" size="small" onClick={() => setEditing(one)}>
                          {t('common.edit')}
                        </Button>
                        <Button type="text" size="small" danger onClick={() => notify.confirm(t('desk.quick.remove', { name: one.title || one.shortcut }), t('desk.quick.remove_text'), () => remove.mutateAsync(one.id).catch(notify.failed), t('common.delete'))}>
                          {t('common.delete')}
                        </Button>
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      {editing && <Edit appid={appid} mayChange={mayChange} reply={editing === 'new' ? null : editing} close={() => setEditing(null)} />}
    </>
  );
}

function Edit({ appid, mayChange, reply, close }: SettingsPart & { reply: QuickReply | null; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const save = useSaveQuickReply(appid);
  const [form] = Form.useForm<QuickReply>();
  const submit = ({ shortcut, title, content, scope }: QuickReply) =>
    save.mutate({ id: reply?.id, shortcut: shortcut ?? '', title: title ?? '', content, scope }, { onSuccess: close, onError: notify.failed });
  return (
    <Modal open title={reply ? t('desk.quick.edit') : t('desk.quick.add')} onCancel={close} okText={t('common.save')} cancelText={t('common.cancel')} confirmLoading={save.isPending} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={submit} initialValues={reply ?? { scope: 'personal' }}>
        <Form.Item name="shortcut" label={t('desk.quick.shortcut')} extra={t('desk.quick.shortcut_hint')} rules={[{ required: true, max: 32 }]}>
          <Input prefix="/" autoFocus />
        </Form.Item>
        <Form.Item name="title" label={t('desk.quick.name')} rules={[{ max: 64 }]}>
          <Input />
        </Form.Item>
        <Form.Item name="content" label={t('desk.quick.content')} rules={[{ required: true, max: 2048 }]}>
          <Input.TextArea rows={4} />
        </Form.Item>
        <Form.Item name="scope" label={t('desk.quick.scope')}>
          <Segmented options={(['personal', 'shared'] as const).map((value) => ({ value, label: t(`desk.quick.scopes.${value}`), disabled: value === 'shared' && !mayChange }))} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
