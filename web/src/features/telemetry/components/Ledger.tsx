// 损耗台账: everything that did not arrive as it was sent, by what became of it and why.
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText, percentText } from '@/shared/charts/numbers';
import { Empty, Mark, Panel } from '@/shared/ui/page';
import { fateLevels, lossOf, reasonText, type Entry } from './losses';

// `stored`: what is there of the same time; undefined while it is not known.
export function Ledger({ ledger, stored }: { ledger: Entry[]; stored: number | undefined }) {
  const { t } = useTranslation();
  return (
    <Panel title={t('telemetry.ledger.title')}>
      {ledger.length === 0 ? (
        <Empty title={t('telemetry.ledger.nothing')} text={t('telemetry.ledger.nothing_hint')} />
      ) : (
        <>
          <p className="ledger-sentence">{stored === undefined ? t('telemetry.ledger.purpose') : <Confidence ledger={ledger} stored={stored} />}</p>
          <LedgerTable ledger={ledger} />
        </>
      )}
    </Panel>
  );
}

function Confidence({ ledger, stored }: { ledger: Entry[]; stored: number }) {
  const { t } = useTranslation();
  const { lost, changed, affected, total } = lossOf(ledger, stored);
  if (affected === 0) return <Mark level="ok">{t('telemetry.ledger.only_harmless')}</Mark>;
  return <>{t('telemetry.ledger.sentence', { n: countText(affected), m: countText(total), x: percentText(affected, total), lost: countText(lost), changed: countText(changed) })}</>;
}

function LedgerTable({ ledger }: { ledger: Entry[] }) {
  const { t } = useTranslation();
  return (
    <Table
      rowKey={(one) => [one.fate, one.reason, one.category, one.client].join('|')}
      size="small"
      pagination={ledger.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      scroll={{ x: 'max-content' }}
      dataSource={ledger}
      columns={[
        {
          title: t('telemetry.ledger.fate'),
          render: (_, one) => (
            <div className="ledger-cell">
              <Mark level={fateLevels[one.fate]}>{t(`telemetry.fates.${one.fate}.title`)}</Mark>
              <small className="muted">{t(`telemetry.fates.${one.fate}.text`)}</small>
            </div>
          ),
        },
        {
          title: t('telemetry.ledger.reason'),
          render: (_, one) => (
            <div className="ledger-cell">
              <span>{reasonText(one.reason) ?? '—'}</span>
              <small className="muted mono">{one.reason}</small>
            </div>
          ),
        },
        { title: t('telemetry.ledger.category'), render: (_, one) => <span className="mono">{one.category || '—'}</span> },
        { title: t('telemetry.ledger.client'), render: (_, one) => <span className="mono">{one.client || '—'}</span> },
        { title: t('telemetry.ledger.count'), align: 'right', className: 'num', sorter: (a, b) => a.count - b.count, render: (_, one) => countText(one.count) },
        { title: t('telemetry.ledger.example'), render: (_, one) => (one.example ? <code className="mono ledger-example" title={one.example}>{one.example}</code> : <span className="muted">—</span>) },
      ]}
    />
  );
}
