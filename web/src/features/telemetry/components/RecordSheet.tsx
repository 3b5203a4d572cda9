// Everything that is known of one record; each value that can be looked for is a link that does.
import { App, Button, Drawer } from 'antd';
import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { countText, valueText } from '@/shared/charts/numbers';
import { CopyText, Mark } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import type { TelemetryRecord } from '../api/telemetry';
import { onlyWord, searchOf, withWord, type Field, type Filters } from './filters';
import { deviceText, levels } from './RecordTable';
import { wordText } from './words';

export function RecordSheet({ record, filters, close }: { record: TelemetryRecord | undefined; filters: Filters; close(): void }) {
  const { t } = useTranslation();
  return (
    <Drawer open={!!record} onClose={close} title={record?.name || t('telemetry.sheet.title')} size={560} rootClassName="sheet">
      {record && <Sheet record={record} filters={filters} />}
    </Drawer>
  );
}

// Whom or what one follows is asked for alone; the rest narrows what is already asked.
const followed: Field[] = ['person', 'session', 'page_view', 'trace'];

function Sheet({ record, filters }: { record: TelemetryRecord; filters: Filters }) {
  const { t } = useTranslation();
  const linked = (field: Field, value: string) =>
    value !== '' && (
      <Fact name={t(`telemetry.records.fields.${field}`)}>
        <Link
          to={`?${searchOf(followed.includes(field) ? onlyWord(filters, field, value) : withWord(filters, field, value))}`}
          title={t('telemetry.sheet.stays')}
          className={followed.includes(field) ? 'mono' : undefined}
        >
          {field === 'level' ? <Mark level={levels[value] ?? 'unknown'}>{wordText(field, value)}</Mark> : followed.includes(field) ? value : wordText(field, value)}
        </Link>
      </Fact>
    );
  const plain = (name: string, value: ReactNode) => value !== '' && value !== null && <Fact name={name}>{value}</Fact>;
  const { device } = record;
  return (
    <>
      {record.text && <pre className="sheet-text">{record.text}</pre>}
      <dl className="facts">
        <Fact name={t('telemetry.sheet.at')}>
          <Exact at={record.at} />
          {record.late && (
            <span className="sheet-late" title={t('telemetry.sheet.late_hint')}>
              {t('telemetry.sheet.late')}
            </span>
          )}
        </Fact>
        {plain(t('telemetry.sheet.received'), <Exact at={record.received_at} />)}
        {record.value !== null && plain(t('telemetry.sheet.value'), <span className="num">{valueText(record.value)}</span>)}
        {record.weight !== 1 && plain(t('telemetry.sheet.weight'), <span className="num">{countText(record.weight)}</span>)}
        {linked('name', record.name)}
        {linked('level', record.level)}
      </dl>
      <h2>{t('telemetry.sheet.who')}</h2>
      <dl className="facts">
        {linked('person', record.person ?? '')}
        {linked('session', record.session)}
        {linked('page_view', record.page_view)}
        {linked('trace', record.trace)}
      </dl>
      <h2>{t('telemetry.sheet.where')}</h2>
      <dl className="facts">
        {linked('page', record.page)}
        {linked('release', record.release)}
        {linked('build', record.build)}
        {record.scene > 0 && linked('scene', String(record.scene))}
        {linked('network', record.network)}
        {linked('region', record.region)}
        {linked('client', record.client)}
        {plain(t('telemetry.sheet.device'), [deviceText(record), device.level].filter(Boolean).join(' · '))}
        {plain(t('telemetry.sheet.system'), [device.os, device.os_version].filter(Boolean).join(' '))}
        {plain(t('telemetry.sheet.wechat'), device.wechat)}
        {plain(t('telemetry.sheet.base_library'), device.base_library)}
        <Fact name={t('telemetry.sheet.id')}>
          <CopyText text={record.record_id} />
        </Fact>
      </dl>
      <Properties properties={record.properties} />
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Properties({ properties }: { properties: TelemetryRecord['properties'] }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const text = JSON.stringify(properties, null, 2);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => message.success(t('common.copied')),
      () => message.error(t('common.copy_failed')),
    );
  return (
    <>
      <div className="sheet-head">
        <h2>{t('telemetry.sheet.properties')}</h2>
        {text !== '{}' && (
          <Button size="small" icon={<Copy size={14} aria-hidden />} onClick={() => void copy()}>
            {t('telemetry.sheet.copy')}
          </Button>
        )}
      </div>
      {text === '{}' ? (
        <p className="muted">{t('telemetry.sheet.no_properties')}</p>
      ) : (
        <pre className="sheet-json" tabIndex={0} role="region" aria-label={t('telemetry.sheet.properties')}>
          {text}
        </pre>
      )}
    </>
  );
}
