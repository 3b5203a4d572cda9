// 敏感词: one list for both ways, imported by file.
import { Button, Form, Input, Modal, Segmented, Select, Table } from 'antd';
import { Upload } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useAddWord, useImportWords, useRemoveAllWords, useRemoveWord, useWords } from '../api/settings';
import type { SettingsPart } from './part';

type Action = Schemas['WordAction'];
const actions: Action[] = ['block', 'mask', 'flag'];
const useActionOptions = () => {
  const { t } = useTranslation();
  return actions.map((value) => ({ value, label: t(`desk.words.actions.${value}`) }));
};

export function WordSettings({ appid, mayChange }: SettingsPart) {
  const { t } = useTranslation();
  const notify = useNotify();
  const [q, setQ] = useState('');
  const [importing, setImporting] = useState(false);
  const words = useWords(appid, q, undefined);
  const remove = useRemoveWord(appid);
  const removeAll = useRemoveAllWords(appid);
  return (
    <>
      {mayChange && <AddWord appid={appid} />}
      <Panel
        title={<Input.Search aria-label={t('desk.words.search')} placeholder={t('desk.words.search')} allowClear style={{ width: 240 }} onSearch={setQ} />}
        extra={
          mayChange && (
            <span>
              <Button icon={<Upload size={14} aria-hidden />} onClick={() => setImporting(true)}>
                {t('desk.words.import')}
              </Button>{' '}
              <Button danger type="text" onClick={() => notify.confirm(t('desk.words.remove_all_title'), t('desk.words.remove_all_text'), () => removeAll.mutateAsync().catch(notify.failed), t('desk.words.remove_all'))}>
                {t('desk.words.remove_all')}
              </Button>
            </span>
          )
        }
      >
        <Loaded query={words}>
          {(data) => {
            const items = data.pages.flatMap((page) => page.items);
            if (items.length === 0) return <Empty title={q ? t('desk.list.empty_search') : t('desk.words.empty')} text={q ? undefined : t('desk.words.empty_hint')} />;
            return (
              <>
                <Table
                  rowKey="id"
                  size="small"
                  virtual={items.length > 200}
                  scroll={items.length > 200 ? { y: 480, x: 600 } : { x: 'max-content' }}
                  pagination={false}
                  dataSource={items}
                  columns={[
                    { title: t('desk.words.word'), dataIndex: 'word' },
                    { title: t('desk.words.action'), render: (_, one) => t(`desk.words.actions.${one.action}`) },
                    { title: t('identity.members.since'), render: (_, one) => <Ago at={one.created_at} /> },
                    {
                      title: <span className="sr-only">{t('common.remove')}</span>,
                      align: 'right',
                      render: (_, one) =>
                        mayChange && (
                          <Button type="text" danger size="small" aria-label={`${t('common.remove')} ${one.word}`} onClick={() => remove.mutate(one.id, { onError: notify.failed })}>
                            {t('common.remove')}
                          </Button>
                        ),
                    },
                  ]}
                />
                {words.hasNextPage && (
                  <Button style={{ marginTop: 12 }} loading={words.isFetchingNextPage} onClick={() => void words.fetchNextPage()}>
                    {t('common.load_more')}
                  </Button>
                )}
              </>
            );
          }}
        </Loaded>
      </Panel>
      {importing && <ImportWords appid={appid} close={() => setImporting(false)} />}
    </>
  );
}

function AddWord({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const add = useAddWord(appid);
  const options = useActionOptions();
  const [form] = Form.useForm<Schemas['WordInput']>();
  return (
    <Panel>
      <Form form={form} layout="inline" initialValues={{ action: 'mask' }} onFinish={(values) => add.mutate({ word: values.word.trim(), action: values.action }, { onSuccess: () => form.resetFields(['word']), onError: notify.failed })}>
        <Form.Item name="word" label={t('desk.words.word')} rules={[{ required: true, max: 64, message: '' }]}>
          <Input style={{ width: 200 }} />
        </Form.Item>
        <Form.Item name="action" label={t('desk.words.action')}>
          <Select style={{ width: 140 }} options={options} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={add.isPending}>
          {t('desk.words.add')}
        </Button>
      </Form>
    </Panel>
  );
}

function ImportWords({ appid, close }: { appid: string; close(): void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const run = useImportWords(appid);
  const options = useActionOptions();
  const [action, setAction] = useState<Action>('mask');
  const [file, setFile] = useState<File>();
  const submit = async () => {
    if (!file) return close();
    run.mutate({ text: await file.text(), action }, { onError: notify.failed });
  };
  const report = run.data;
  return (
    <Modal open title={t('desk.words.import')} onCancel={close} okText={report ? t('common.close') : t('desk.words.import')} cancelButtonProps={{ hidden: !!report }} cancelText={t('common.cancel')} okButtonProps={{ disabled: !file }} confirmLoading={run.isPending} onOk={() => (report ? close() : void submit())}>
      {report ? (
        <>
          <p style={{ marginBottom: 12 }} role="status">
            {t('desk.words.imported', { added: report.added, duplicates: report.duplicates, rejected: report.rejected.length })}
          </p>
          {report.rejected.length > 0 && (
            <Table
              rowKey="line"
              size="small"
              pagination={report.rejected.length > 10 ? { pageSize: 10 } : false}
              dataSource={report.rejected}
              columns={[
                { title: t('desk.words.line'), dataIndex: 'line', align: 'right', className: 'num', width: 80 },
                { title: t('desk.words.why'), dataIndex: 'why' },
              ]}
            />
          )}
        </>
      ) : (
        <Form layout="vertical">
          <Form.Item label={t('desk.words.file')} htmlFor="words-file" extra={t('desk.words.import_hint')}>
            <input id="words-file" type="file" accept=".txt,.csv,text/plain" onChange={(event) => setFile(event.target.files?.[0])} />
          </Form.Item>
          <Form.Item label={t('desk.words.import_action')}>
            <Segmented aria-label={t('desk.words.import_action')} value={action} options={options} onChange={setAction} />
          </Form.Item>
        </Form>
      )}
    </Modal>
  );
}
