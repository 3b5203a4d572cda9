// Custom fields of conversations 会话字段, in their order.
import { Button, Tag } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useFields, type Field } from '@/shared/wrapup/wrapUp';
import { useChangeField, useOrderFields, useRemoveField } from '../api/wrapUp';
import { FieldDialog } from './FieldDialog';
import { MoveButtons } from './MoveButtons';

export function Fields({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const fields = useFields(appid);
  const order = useOrderFields(appid);
  const { failed } = useNotify();
  const [edited, setEdited] = useState<Field | 'new'>();
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEdited('new')}>
      {t('wrapup.fields.add')}
    </Button>
  );
  return (
    <Panel title={t('wrapup.fields.title')} extra={add}>
      <p className="muted panel-note">{t('wrapup.fields.hint')}</p>
      <Loaded query={fields} rows={4}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('wrapup.fields.none')} text={t('wrapup.fields.none_hint')} />
          ) : (
            <ol className="wu-rows" aria-label={t('wrapup.fields.title')}>
              {items.map((field) => (
                <li key={field.id} className={['wu-row', field.archived ? 'wu-archived' : ''].join(' ')}>
                  <span className="wu-name">
                    {field.name} <span className="mono muted">{field.key}</span> <span className="muted">{t(`wrapup.fields.types.${field.type}`)}</span>
                    {field.archived && <Tag>{t('wrapup.archived')}</Tag>}
                  </span>
                  {mayConfigure && (
                    <span className="wu-actions">
                      <MoveButtons ids={items.map((one) => one.id)} id={field.id} name={field.name} order={(ids) => order.mutate(ids, { onError: failed })} />
                      <Button size="small" type="text" aria-label={t('wrapup.edit', { name: field.name })} onClick={() => setEdited(field)}>
                        {t('common.edit')}
                      </Button>
                      <End appid={appid} field={field} />
                    </span>
                  )}
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
      {edited && <FieldDialog appid={appid} field={edited === 'new' ? null : edited} close={() => setEdited(undefined)} />}
    </Panel>
  );
}

// What a conversation had once is archived, and can come back; else it is deleted.
function End({ appid, field }: { appid: string; field: Field }) {
  const { t } = useTranslation();
  const change = useChangeField(appid);
  const remove = useRemoveField(appid);
  const { done, failed, confirm } = useNotify();
  if (field.used || field.archived) {
    const [name, text] = field.archived ? [t('wrapup.restore_named', { name: field.name }), t('wrapup.restore')] : [t('wrapup.archive_named', { name: field.name }), t('wrapup.archive')];
    return (
      <Button size="small" type="text" aria-label={name} onClick={() => change.mutate({ id: field.id, archived: !field.archived }, { onSuccess: () => done(), onError: failed })}>
        {text}
      </Button>
    );
  }
  const ask = () => confirm(t('wrapup.remove_title', { name: field.name }), t('wrapup.remove_hint'), () => remove.mutateAsync(field.id).then(() => done(), failed), t('common.delete'));
  return (
    <Button size="small" type="text" danger aria-label={t('wrapup.remove_named', { name: field.name })} onClick={ask}>
      {t('common.delete')}
    </Button>
  );
}
