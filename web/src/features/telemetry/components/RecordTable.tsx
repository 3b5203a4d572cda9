// The records that match, the newest first; a row opens its sheet.
import { Button, Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { countText, valueText } from '@/shared/charts/numbers';
import { Mark, type Level } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { TelemetryRecord } from '../api/telemetry';
import type { Kind } from './filters';
import { gistOf, wordText } from './words';

export const levels: Record<string, Level> = { debug: 'unknown', info: 'info', warn: 'warning', error: 'failed', fatal: 'failed' };

export const deviceText = ({ device }: TelemetryRecord) => [device.brand, device.model].filter(Boolean).join(' ');

interface Props {
  kind: Kind;
  items: TelemetryRecord[];
  more: boolean;
  loadingMore: boolean;
  loadMore(): void;
  open(record: TelemetryRecord): void;
}

export function RecordTable({ kind, items, more, loadingMore, loadMore, open }: Props) {
  const { t } = useTranslation();
  const withLevel = kind === 'error' || kind === 'log';
  const dash = <span className="muted">—</span>;
  return (
    <>
      <Table
        rowKey="id"
        size="small"
        pagination={false}
        scroll={{ x: 'max-content' }}
        className="records"
        dataSource={items}
        onRow={(one) => ({ onClick: () => open(one) })}
        columns={[
          { title: t('telemetry.records.time'), render: (_, one) => <Ago at={one.at} /> },
          {
            title: t('telemetry.records.fields.name'),
            render: (_, one) => (
              <Button
                type="link"
                size="small"
                className="record-name"
                aria-label={t('telemetry.records.open', { name: one.name || t('telemetry.records.empty_word') })}
                onClick={(event) => {
                  event.stopPropagation();
                  open(one);
                }}
              >
                {one.name || t('telemetry.records.empty_word')}
              </Button>
            ),
          },
          ...(withLevel ? [{ title: t('telemetry.records.fields.level'), render: (_: unknown, one: TelemetryRecord) => <Mark level={levels[one.level] ?? 'unknown'}>{wordText('level', one.level)}</Mark> }] : []),
          {
            title: t('telemetry.records.value'),
            render: (_, one) => (
              <span className="record-text" title={one.text || undefined}>
                {one.value !== null && <span className="num">{valueText(one.value)} </span>}
                {one.text || (one.value === null && (gistOf(one.properties) ? <span className="muted">{gistOf(one.properties)}</span> : dash))}
                {one.weight > 1 && (
                  <span className="muted num" title={t('telemetry.records.sampled_hint', { n: countText(one.weight) })}>
                    {' '}
                    ×{countText(one.weight)}
                  </span>
                )}
              </span>
            ),
          },
          { title: t('telemetry.records.fields.page'), render: (_, one) => (one.page ? <span className="record-page" title={one.page}>{one.page}</span> : dash) },
          { title: t('telemetry.records.fields.release'), render: (_, one) => <span className="num">{one.release || dash}</span> },
          { title: t('telemetry.records.device'), render: (_, one) => deviceText(one) || dash },
          { title: t('telemetry.records.fields.person'), render: (_, one) => (one.person ? <span className="num muted" title={one.person}>…{one.person.slice(-6)}</span> : dash) },
        ]}
      />
      <div className="records-foot">
        <span className="muted num" role="status">
          {t('telemetry.records.shown', { n: countText(items.length) })}
        </span>
        {more && (
          <Button loading={loadingMore} onClick={loadMore}>
            {t('common.load_more')}
          </Button>
        )}
      </div>
    </>
  );
}
