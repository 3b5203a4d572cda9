// Which columns the list has; the choice stays with the browser, and in the address.
import { Button, Checkbox, Input, Popover } from 'antd';
import i18next from 'i18next';
import { Columns3 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { lineFields } from './columns';
import { fieldNames, propertyPrefix } from './terms';

export function columnName(column: string): string {
  const field = fieldNames.find((one) => one === column);
  return field ? i18next.t(`logs.fields.names.${field}`) : column.replace(propertyPrefix, '');
}

export const columnsMax = 8;

export function ColumnChoice({ columns, properties, change }: { columns: string[]; properties: string[]; change(columns: string[]): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const offered = [...lineFields, ...new Set([...columns.filter((one) => one.startsWith(propertyPrefix)), ...properties])];
  const full = columns.length >= columnsMax;
  const toggle = (name: string, on: boolean) => change(on ? [...columns, name].slice(0, columnsMax) : columns.filter((one) => one !== name));
  const add = () => {
    const name = text.trim();
    setText('');
    const column = (lineFields as readonly string[]).includes(name) || name.startsWith(propertyPrefix) ? name : propertyPrefix + name;
    if (name && !columns.includes(column)) toggle(column, true);
  };
  const content = (
    <div className="log-columns" role="group" aria-label={t('logs.columns.title')}>
      {offered.map((name) => (
        <Checkbox key={name} checked={columns.includes(name)} disabled={full && !columns.includes(name)} onChange={({ target }) => toggle(name, target.checked)}>
          {columnName(name)}
        </Checkbox>
      ))}
      <Input size="small" aria-label={t('logs.columns.property')} placeholder={t('logs.columns.property')} value={text} disabled={full} onChange={({ target }) => setText(target.value)} onPressEnter={add} />
      {full && <span className="muted">{t('logs.columns.full', { n: columnsMax })}</span>}
    </div>
  );
  return (
    <Popover trigger="click" placement="bottomRight" title={t('logs.columns.title')} content={content}>
      <Button size="small" type="text" icon={<Columns3 size={14} aria-hidden />}>
        {t('logs.columns.title')}
      </Button>
    </Popover>
  );
}
