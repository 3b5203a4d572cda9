// Brings in quick replies from a table; lines that cannot be used are listed with their numbers.
import { Button, Form, Modal, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import type { Scope } from '@/shared/quick_replies/quickReplies';
import { useNotify, Wide } from '@/shared/ui/page';
import { useImport } from '../api/quickReplies';
import { ScopeField } from './ScopeField';
import { tableText } from './tableText';

const rowsAtOnce = 10;

export function ImportDialog({ appid, mayConfigure, close }: { appid: string; mayConfigure: boolean; close(): void }) {
  const { t } = useTranslation();
  const { failed, refused } = useNotify();
  const run = useImport(appid);
  const [scope, setScope] = useState<Scope>('personal');
  const [file, setFile] = useState<File>();
  const submit = async () => {
    const text = tableText(await file!.arrayBuffer());
    if (text === undefined) refused(t('quick_replies.import.unreadable'));
    else run.mutate({ text, scope }, { onError: failed });
  };
  const report = run.data;
  const again = () => (setFile(undefined), run.reset());
  return (
    <Modal
      open
      title={t('quick_replies.import.title')}
      onCancel={close}
      footer={
        report
          ? [
              <Button key="again" onClick={again}>
                {t('quick_replies.import.again')}
              </Button>,
              <Button key="close" type="primary" onClick={close}>
                {t('common.close')}
              </Button>,
            ]
          : undefined
      }
      okText={t('quick_replies.import.ok')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: !file }}
      confirmLoading={run.isPending}
      onOk={() => void submit()}
    >
      {report ? (
        <Report report={report} />
      ) : (
        <Form layout="vertical">
          <Form.Item label={t('quick_replies.import.file')} htmlFor="import-file" extra={t('quick_replies.import.hint')}>
            <input id="import-file" type="file" accept=".csv,text/csv,text/plain" onChange={(event) => setFile(event.target.files?.[0])} />
          </Form.Item>
          <ScopeField scope={scope} mayConfigure={mayConfigure} change={setScope} />
        </Form>
      )}
    </Modal>
  );
}

function Report({ report }: { report: Schemas['QuickReplyImport'] }) {
  const { t } = useTranslation();
  return (
    <>
      <p className="panel-note" role="status">
        {t('quick_replies.import.done', { added: report.added, duplicates: report.duplicates, rejected: report.rejected.length })}
      </p>
      {report.rejected.length > 0 && (
        <Wide label={t('quick_replies.import.rejected')}>
          <Table
            rowKey={(one) => `${one.line} ${one.why}`}
            size="small"
            pagination={report.rejected.length > rowsAtOnce ? { pageSize: rowsAtOnce, showSizeChanger: false } : false}
            dataSource={report.rejected}
            columns={[
              { title: t('quick_replies.import.line'), dataIndex: 'line', align: 'right', className: 'num', width: 80 },
              { title: t('quick_replies.import.why'), dataIndex: 'why', className: 'qr-why' },
            ]}
          />
        </Wide>
      )}
    </>
  );
}
