// What is exported: what the search asks for, in which form. The work goes on when the page is closed.
import { Form, Modal, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { useAddExport, type Question } from '../api/records';
import type { Filters } from './address';
import { useFilterTexts } from './SearchBar';

interface Props {
  appid: string;
  filters: Filters;
  question: Question;
  close(): void;
  begun(): void;
}

interface Choice {
  format: 'csv' | 'jsonl';
}

export function ExportDialog({ appid, filters, question, close, begun }: Props) {
  const { t } = useTranslation();
  const { failed } = useNotify();
  const add = useAddExport(appid);
  const texts = useFilterTexts(appid)(filters);
  const [form] = Form.useForm<Choice>();
  return (
    <Modal open title={t('records.exports.add')} okText={t('records.exports.begin')} cancelText={t('common.cancel')} confirmLoading={add.isPending} onCancel={close} onOk={() => form.submit()}>
      <p className="rec-note">{question.text ? t('records.exports.of_messages') : t('records.exports.of_conversations')}</p>
      <ul className="rec-conditions" aria-label={t('records.filters.chosen')}>
        {texts.length === 0 ? <li>{t('records.exports.everything')}</li> : texts.map(({ name, text }) => <li key={name}>{text}</li>)}
      </ul>
      <Form form={form} layout="vertical" initialValues={{ format: 'csv' } satisfies Choice} onFinish={({ format }) => add.mutate({ format, ...question }, { onSuccess: begun, onError: failed })}>
        <Form.Item name="format" label={t('records.exports.format')} extra={t('records.exports.limits')}>
          <Radio.Group options={[{ value: 'csv', label: t('records.exports.csv') }, { value: 'jsonl', label: t('records.exports.jsonl') }]} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
