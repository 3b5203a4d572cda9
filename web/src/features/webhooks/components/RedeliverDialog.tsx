// Everything of a time again that failed or was given up: at most 10,000 at once, and then the rest.
import { Alert, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { windowOf, type Range } from '@/shared/charts/ranges';
import { TimeRange } from '@/shared/charts/TimeRange';
import { useNotify } from '@/shared/ui/page';
import { useRedeliverAll } from '../api/webhooks';
import { offered } from './filters';

export function RedeliverDialog({ appid, id, range: first, close }: { appid: string; id: string; range: Range; close(): void }) {
  const { t } = useTranslation();
  const redeliver = useRedeliverAll(appid, id);
  const { failed } = useNotify();
  const [range, setRange] = useState<Range>(first);
  const [asOf] = useState(() => Date.now());
  const [total, setTotal] = useState(0);
  const said = redeliver.data;
  const submit = () => redeliver.mutateAsync(windowOf(range, Date.now())).then((answer) => setTotal(total + answer.queued), failed);
  const choose = (next: Range) => {
    setRange(next);
    setTotal(0);
    redeliver.reset();
  };
  const over = !!said && !said.more;
  return (
    <Modal
      open
      title={t('webhooks.again.title')}
      okText={over ? t('common.close') : said ? t('webhooks.again.rest') : t('webhooks.again.start')}
      cancelText={t('common.cancel')}
      cancelButtonProps={{ hidden: over }}
      confirmLoading={redeliver.isPending}
      onCancel={close}
      onOk={() => (over ? close() : void submit())}
    >
      <p className="hook-note">{t('webhooks.again.hint')}</p>
      <div className="hook-line">
        <TimeRange range={range} asOf={asOf} offered={[...offered]} change={choose} />
      </div>
      {said && <Alert showIcon className="hook-foot" type={said.more ? 'warning' : total > 0 ? 'success' : 'info'} title={said.more ? t('webhooks.again.more', { n: total }) : total > 0 ? t('webhooks.again.queued', { n: total }) : t('webhooks.again.nothing')} />}
    </Modal>
  );
}
