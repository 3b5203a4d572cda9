// Targets in a table: written by who may, read by everybody else.
import { Button, InputNumber, Select } from 'antd';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { kinds, lengthText } from '@/shared/service_levels/marks';
import { groupName, useGroupName, useGroups } from '@/shared/teams/teams';
import { Wide } from '@/shared/ui/page';
import { AmountField } from './AmountField';
import { msOf } from './amounts';
import { countsNothing, priorityMax, problemsOf, type Row } from './targetDraft';
import { businessText, groupText, priorityText } from './words';

interface Props {
  appid: string;
  rows: Row[];
}

function Head({ remove }: { remove?: boolean }) {
  const { t } = useTranslation();
  return (
    <thead>
      <tr>
        <th scope="col">#</th>
        <th scope="col">{t('service_levels.targets.group')}</th>
        <th scope="col">{t('service_levels.targets.priority')}</th>
        {kinds.map((kind) => (
          <th key={kind} scope="col">
            {t(`desk.levels.kinds.${kind}`)}
          </th>
        ))}
        <th scope="col">{t('service_levels.targets.time')}</th>
        {remove && (
          <th scope="col">
            <span className="sr-only">{t('common.delete')}</span>
          </th>
        )}
      </tr>
    </thead>
  );
}

export function TargetTable({ appid, rows, label }: Props & { label: string }) {
  const { t } = useTranslation();
  const nameOf = useGroupName(appid);
  return (
    <Wide label={label}>
      <table className="sl-table">
        <Head />
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.id}>
              <td className="num muted">{index + 1}</td>
              <td>{groupText(row.group, nameOf, t)}</td>
              <td>{priorityText(row.priority, t)}</td>
              {kinds.map((kind) => (
                <td key={kind} className="num">
                  {row[kind].n === null ? <span className="muted">{t('service_levels.none')}</span> : lengthText(msOf(row[kind])!)}
                </td>
              ))}
              <td>{businessText(row.business, t)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Wide>
  );
}

// `field`: what of the table is written; what is written on in one field is one step back.
export function TargetEditor({ appid, rows, change }: Props & { change(rows: Row[], field: string): void }) {
  return (
    <table className="sl-table sl-editor">
      <Head remove />
      <tbody>
        {rows.map((row, index) => (
          <EditedRow key={row.id} appid={appid} rows={rows} index={index} change={change} />
        ))}
      </tbody>
    </table>
  );
}

function EditedRow({ appid, rows, index, change }: Props & { index: number; change(rows: Row[], field: string): void }) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const nameOf = useGroupName(appid);
  const row = rows[index]!;
  const n = index + 1;
  const set = <K extends keyof Row>(field: K, value: Row[K]) => change(rows.with(index, { ...row, [field]: value }), `${row.id} ${field}`);
  const named = (field: string) => t('service_levels.targets.field', { n, field });
  const known = (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) }));
  // One that was deleted is named as such.
  const options = [{ value: '', label: t('service_levels.any_group') }, ...known, ...(row.group === '' || known.some((one) => one.value === row.group) ? [] : [{ value: row.group, label: nameOf(row.group) }])];
  const problems = problemsOf(rows, row);
  const twice = problems.includes('twice');
  const wrong = [...(twice ? [t('service_levels.targets.problems.twice')] : []), ...(problems.some((one) => one !== 'twice') ? [t('service_levels.targets.problems.length')] : [])];
  const cell = (field: string, what: ReactNode) => (
    <td data-label={field}>
      <div className="sl-cell">{what}</div>
    </td>
  );
  return (
    <tr>
      <th scope="row" className="num muted">
        <span aria-hidden>{n}</span>
        <span className="sr-only">{t('service_levels.targets.row', { n })}</span>
        {wrong.map((one) => (
          <span key={one} className="sl-wrong" role="alert">
            {one}
          </span>
        ))}
        {wrong.length === 0 && countsNothing(row) && <span className="sl-note muted">{t('service_levels.targets.no_target')}</span>}
      </th>
      {cell(t('service_levels.targets.group'), <Select aria-label={named(t('service_levels.targets.group'))} style={{ width: 160 }} showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} status={twice ? 'error' : undefined} value={row.group} options={options} onChange={(group: string) => set('group', group)} />)}
      {cell(t('service_levels.targets.priority'), <InputNumber aria-label={named(t('service_levels.targets.priority'))} min={0} max={priorityMax} precision={0} controls={false} style={{ width: 112 }} placeholder={t('service_levels.any_priority')} status={twice ? 'error' : undefined} value={row.priority} onChange={(priority) => set('priority', priority)} />)}
      {kinds.map((kind) => {
        const field = t(`desk.levels.kinds.${kind}`);
        return (
          <td key={kind} data-label={field}>
            <AmountField label={named(field)} unitLabel={t('service_levels.targets.unit', { n, field })} amount={row[kind]} change={(amount) => set(kind, amount)} />
          </td>
        );
      })}
      {cell(
        t('service_levels.targets.time'),
        <select className="sl-select" aria-label={named(t('service_levels.targets.time'))} value={row.business ? 'yes' : 'no'} onChange={(event) => set('business', event.target.value === 'yes')}>
          <option value="yes">{businessText(true, t)}</option>
          <option value="no">{businessText(false, t)}</option>
        </select>,
      )}
      <td>
        <Button type="text" size="small" aria-label={t('service_levels.targets.remove', { n })} icon={<X size={15} aria-hidden />} onClick={() => change(rows.toSpliced(index, 1), '')} />
      </td>
    </tr>
  );
}
