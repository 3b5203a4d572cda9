// A mini program card or a link to send.
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { uploadPicture, type Schemas } from '@/shared/api/client';
import { useNotify } from '@/shared/ui/page';

export type InsertKind = 'miniprogrampage' | 'link';

export default function InsertDialog({ kind, appid, close, onSend }: { kind: InsertKind; appid: string; close(): void; onSend(body: Schemas['MessageInput']): Promise<void> }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const [form] = Form.useForm();
  const [cover, setCover] = useState<{ picture_id: string; name: string }>();
  const [busy, setBusy] = useState(false);
  const chooseCover = async (file: File | undefined) => {
    if (!file) return;
    setBusy(true);
    try {
      setCover({ picture_id: (await uploadPicture(appid, file)).picture_id, name: file.name });
    } catch (problem) {
      notify.failed(problem);
    }
    setBusy(false);
  };
  const submit = async (values: Record<string, string>) => {
    if (kind === 'miniprogrampage' && !cover) {
      notify.refused(t('desk.insert.cover_needed'));
      return;
    }
    const body: Schemas['MessageInput'] =
      kind === 'link'
        ? { msgtype: 'link', link: { title: values.title!, description: values.description ?? '', url: values.url!, thumb_url: values.thumb_url ?? '' } }
        : { msgtype: 'miniprogrampage', miniprogrampage: { title: values.title!, pagepath: values.pagepath!, picture_id: cover!.picture_id } };
    await onSend(body);
  };
  return (
    <Modal open title={t(`desk.insert.${kind}`)} onCancel={close} okText={t('desk.composer.send')} cancelText={t('common.cancel')} confirmLoading={busy} onOk={() => form.submit()}>
      <Form form={form} layout="vertical" onFinish={submit} requiredMark={false}>
        <Form.Item name="title" label={t('desk.insert.title')} rules={[{ required: true, max: 128 }]}>
          <Input autoFocus />
        </Form.Item>
        {kind === 'link' ? (
          <>
            <Form.Item name="description" label={t('desk.insert.description')} rules={[{ max: 512 }]}>
              <Input.TextArea rows={2} />
            </Form.Item>
            <Form.Item name="url" label={t('desk.insert.url')} rules={[{ required: true, pattern: /^https?:\/\//, message: t('desk.insert.url_rule') }]}>
              <Input placeholder="https://" />
            </Form.Item>
            <Form.Item name="thumb_url" label={t('desk.insert.thumb_url')} rules={[{ pattern: /^https?:\/\//, message: t('desk.insert.url_rule') }]}>
              <Input placeholder="https://" />
            </Form.Item>
          </>
        ) : (
          <>
            <Form.Item name="pagepath" label={t('desk.insert.pagepath')} rules={[{ required: true }]}>
              <Input placeholder="pages/index/index?id=1" />
            </Form.Item>
            <Form.Item label={t('desk.insert.cover')} htmlFor="insert-cover">
              <input id="insert-cover" type="file" accept="image/png,image/jpeg,image/gif" onChange={(event) => void chooseCover(event.target.files?.[0])} />
              {cover && (
                <Button type="link" size="small" onClick={() => setCover(undefined)}>
                  {t('common.remove')} {cover.name}
                </Button>
              )}
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  );
}
