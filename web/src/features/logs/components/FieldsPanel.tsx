// The fields of the lines that match and their commonest values: pressed, a value narrows the query.
import { Button, Drawer } from 'antd';
import { ChartNoAxesColumn, ZoomOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { TimeChart } from '@/shared/charts/TimeChart';
import { countText, percentText } from '@/shared/charts/numbers';
import { counted } from '@/shared/charts/units';
import { Empty, Loaded } from '@/shared/ui/page';
import { useZone } from '@/shared/ui/time';
import { useField, useFieldOverTime, useFields, type LogField } from '../api/logs';
import type { Question } from './address';
import { stepFor } from './bars';
import { columnName } from './ColumnChoice';
import { notOf } from './terms';

interface Props {
  appid: string;
  question: Question;
  readable: boolean;
  narrow(term: string): void;
  look(field: string): void;
}

export function FieldsPanel({ appid, question, readable, narrow, look }: Props) {
  const { t } = useTranslation();
  const fields = useFields(appid, question, readable);
  return (
    <aside className="log-fields" aria-label={t('logs.fields.title')}>
      <Loaded query={fields} rows={10}>
        {({ items, lines }) =>
          items.length === 0 ? (
            <Empty title={t('logs.fields.none')} />
          ) : (
            <>
              <p className="muted log-fields-note">{t('logs.fields.newest', { n: countText(lines) })}</p>
              {items.map((one) => (
                <section key={one.name}>
                  <h2>
                    {columnName(one.name)}
                    <Button size="small" type="text" aria-label={t('logs.fields.look', { name: columnName(one.name) })} title={t('logs.fields.look', { name: columnName(one.name) })} icon={<ChartNoAxesColumn size={14} aria-hidden />} onClick={() => look(one.name)} />
                  </h2>
                  <Values field={one} narrow={narrow} max={5} />
                </section>
              ))}
            </>
          )
        }
      </Loaded>
    </aside>
  );
}

function Values({ field, narrow, max }: { field: LogField; narrow(term: string): void; max: number }) {
  const { t } = useTranslation();
  return (
    <ul className="log-values">
      {field.values.slice(0, max).map((one) => (
        <li key={one.query}>
          <button type="button" className="log-share" title={t('logs.detail.add', { term: one.query })} onClick={() => narrow(one.query)}>
            <span className="log-share-bar" style={{ width: `${Math.round(one.share * 100)}%` }} aria-hidden />
            <span className="log-share-name">{one.value || t('logs.fields.empty')}</span>
            <span className="num muted">{percentText(one.share)}</span>
          </button>
          <button type="button" className="log-value-act" aria-label={t('logs.detail.exclude', { term: one.query })} title={t('logs.detail.exclude', { term: one.query })} onClick={() => narrow(notOf(one.query))}>
            <ZoomOut size={14} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

interface AloneProps {
  appid: string;
  name: string;
  question: Question;
  narrow(term: string): void;
  zoom(from: number, to: number): void;
}

// One field alone: all of its values, and the commonest over time.
export function FieldSheet({ name, close, ...props }: AloneProps & { close(): void }) {
  const { t } = useTranslation();
  return (
    <Drawer open={!!name} onClose={close} title={name && t('logs.fields.look', { name: columnName(name) })} size={640} rootClassName="log-sheet">
      {name && <FieldAlone name={name} {...props} />}
    </Drawer>
  );
}

function FieldAlone({ appid, name, question, narrow, zoom }: AloneProps) {
  const { t } = useTranslation();
  const zone = useZone();
  const field = useField(appid, name, question);
  const overTime = useFieldOverTime(appid, question, field.data, zone);
  return (
    <Loaded query={field} rows={10}>
      {(data) =>
        data.values.length === 0 ? (
          <Empty title={t('logs.fields.none')} />
        ) : (
          <>
            <p className="muted log-fields-note">{t(data.exact ? 'logs.fields.exact' : 'logs.fields.newest_of', { n: countText(data.count), m: countText(data.lines) })}</p>
            <Loaded query={overTime} rows={5}>
              {({ buckets, series }) => <TimeChart title={t('logs.fields.over_time')} unit={counted(t(`logs.per.${stepFor(question.to - question.from)}`))} form="line" {...buckets} series={series.map((one) => ({ ...one, name: one.name || t('logs.fields.empty') }))} zoom={zoom} hint={t('logs.zoom_hint')} />}
            </Loaded>
            <Values field={data} narrow={narrow} max={50} />
          </>
        )
      }
    </Loaded>
  );
}
