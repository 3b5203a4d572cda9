// What is exported: the lines that match, in which form. The work goes on when the page is closed.
import { Checkbox, Form, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { useNotify } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useExportActs, type ExportInput } from '../api/saved';
import type { Question } from './address';

interface Props {
  appid: string;
  question: Question;
  columns: string[];
  total: number | undefined; // lines that match, when it is known
  close(): void;
  begun(): void;
}

interface Choice {
  format: ExportInput['format'];
  gzip: boolean;
  what: 'all' | 'columns';
}

export const rowsMax = 1_000_000;

export function ExportDialog({ appid, question, columns, total, close, begun }: Props) {
  const { t } = useTranslation();
  const notify = useNotify();
  const act = useExportActs(appid);
  const [form] = Form.useForm<Choice>();
  const begin = ({ format, gzip, what }: Choice) => {
    const body: ExportInput = { ...question, format, gzip, ...(what === 'columns' ? { columns: ['at', 'level', 'text', ...columns] } : {}) };
    act.mutate({ what: 'begin', body }, { onSuccess: begun, onError: notify.failed });
  };
  return (
    <Modal open title={t('logs.export.title')} onCancel={close} okText={t('logs.export.begin')} cancelText={t('common.cancel')} confirmLoading={act.isPending} onOk={() => form.submit()}>
      <dl className="facts log-export-facts">
        <dt>{t('logs.export.query')}</dt>
        <dd className="mono">{question.query || t('logs.saved.everything')}</dd>
        <dt>{t('logs.export.range')}</dt>
        <dd>
          <Exact at={question.from} /> – <Exact at={question.to} />
        </dd>
        {total !== undefined && (
          <>
            <dt>{t('logs.export.lines')}</dt>
            <dd className="num">{t('logs.export.about', { n: countText(total) })}</dd>
          </>
        )}
      </dl>
      {total !== undefined && total > rowsMax && <p className="log-note">{t('logs.export.too_many', { n: countText(rowsMax) })}</p>}
      <Form form={form} layout="vertical" initialValues={{ format: 'csv', gzip: false, what: 'all' } satisfies Choice} onFinish={begin}>
        <Form.Item name="format" label={t('logs.export.format')}>
          <Radio.Group options={[{ value: 'csv', label: t('logs.export.csv') }, { value: 'jsonl', label: t('logs.export.jsonl') }]} />
        </Form.Item>
        <Form.Item name="what" label={t('logs.columns.title')}>
          <Radio.Group options={[{ value: 'all', label: t('logs.export.all_columns') }, { value: 'columns', label: t('logs.export.these_columns') }]} />
        </Form.Item>
        <Form.Item name="gzip" valuePropName="checked">
          <Checkbox>{t('logs.export.gzip')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}
