// Contact reasons 联系原因 in two levels: in their order, archived ones at hand.
import { Button, Switch, Tag } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useReasons, type Reason } from '@/shared/wrapup/wrapUp';
import { useChangeReason, useOrderReasons, useRemoveReason, useSaveSettings, useSettings } from '../api/wrapUp';
import { MoveButtons } from './MoveButtons';
import { ReasonDialog, type Edited } from './ReasonDialog';

interface Props {
  appid: string;
  mayConfigure: boolean;
}

export function Reasons({ appid, mayConfigure }: Props) {
  const { t } = useTranslation();
  const reasons = useReasons(appid);
  const [edited, setEdited] = useState<Edited>();
  const add = mayConfigure && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => setEdited({ parent: null })}>
      {t('wrapup.reasons.add')}
    </Button>
  );
  return (
    <>
      <Required appid={appid} mayConfigure={mayConfigure} />
      <Panel title={t('wrapup.reasons.title')} extra={add}>
        <p className="muted panel-note">{t('wrapup.reasons.hint')}</p>
        <Loaded query={reasons} rows={5}>
          {(items) => (items.length === 0 ? <Empty title={t('wrapup.reasons.none')} text={t('wrapup.reasons.none_hint')} /> : <Level appid={appid} mayConfigure={mayConfigure} all={items} above={null} edit={setEdited} />)}
        </Loaded>
      </Panel>
      {edited && <ReasonDialog appid={appid} edited={edited} close={() => setEdited(undefined)} />}
    </>
  );
}

function Required({ appid, mayConfigure }: Props) {
  const { t } = useTranslation();
  const settings = useSettings(appid);
  const save = useSaveSettings(appid);
  const { done, failed } = useNotify();
  return (
    <Panel title={t('wrapup.required.title')}>
      <Loaded query={settings} rows={1}>
        {({ reason_required }) => (
          <label className="wu-switch">
            <Switch aria-label={t('wrapup.required.label')} disabled={!mayConfigure} loading={save.isPending} checked={reason_required} onChange={(wanted) => save.mutate({ reason_required: wanted }, { onSuccess: () => done(), onError: failed })} />
            <span>
              {t('wrapup.required.label')}
              <span className="muted wu-block">{t('wrapup.required.hint')}</span>
            </span>
          </label>
        )}
      </Loaded>
    </Panel>
  );
}

interface LevelProps extends Props {
  all: Reason[];
  above: Reason | null;
  edit(edited: Edited): void;
}

function Level({ appid, mayConfigure, all, above, edit }: LevelProps) {
  const { t } = useTranslation();
  const order = useOrderReasons(appid);
  const { failed } = useNotify();
  const here = all.filter((one) => one.parent_id === (above?.id ?? null));
  const ids = here.map((one) => one.id);
  if (here.length === 0) return null;
  return (
    <ol className="wu-rows" aria-label={above ? above.name : t('wrapup.reasons.title')}>
      {here.map((reason) => (
        <li key={reason.id}>
          <div className={['wu-row', reason.archived ? 'wu-archived' : ''].join(' ')}>
            <span className="wu-name">
              {reason.name}
              {reason.archived && <Tag>{t('wrapup.archived')}</Tag>}
              {reason.tags.map((tag) => (
                <span key={tag} className="muted">
                  #{tag}
                </span>
              ))}
              {reason.rule_ids.length > 0 && <span className="muted num">{t('wrapup.reasons.rules_count', { count: reason.rule_ids.length })}</span>}
            </span>
            {mayConfigure && (
              <span className="wu-actions">
                <MoveButtons ids={ids} id={reason.id} name={reason.name} order={(next) => order.mutate({ ids: next, ...(above && { parent_id: above.id }) }, { onError: failed })} />
                {!above && !reason.archived && (
                  <Button size="small" type="text" aria-label={t('wrapup.reasons.add_below', { name: reason.name })} onClick={() => edit({ parent: reason })}>
                    {t('wrapup.reasons.below')}
                  </Button>
                )}
                <Button size="small" type="text" aria-label={t('wrapup.edit', { name: reason.name })} onClick={() => edit({ parent: above, reason })}>
                  {t('common.edit')}
                </Button>
                <End appid={appid} reason={reason} />
              </span>
            )}
          </div>
          <Level appid={appid} mayConfigure={mayConfigure} all={above ? [] : all} above={reason} edit={edit} />
        </li>
      ))}
    </ol>
  );
}

// What was chosen once is archived, and can come back; else it is deleted.
function End({ appid, reason }: { appid: string; reason: Reason }) {
  const { t } = useTranslation();
  const change = useChangeReason(appid);
  const remove = useRemoveReason(appid);
  const { done, failed, confirm } = useNotify();
  const archive = (archived: boolean) => change.mutate({ id: reason.id, archived }, { onSuccess: () => done(), onError: failed });
  if (reason.archived)
    return (
      <Button size="small" type="text" aria-label={t('wrapup.restore_named', { name: reason.name })} onClick={() => archive(false)}>
        {t('wrapup.restore')}
      </Button>
    );
  if (reason.used)
    return (
      <Button size="small" type="text" aria-label={t('wrapup.archive_named', { name: reason.name })} onClick={() => archive(true)}>
        {t('wrapup.archive')}
      </Button>
    );
  const ask = () => confirm(t('wrapup.remove_title', { name: reason.name }), t('wrapup.remove_hint'), () => remove.mutateAsync(reason.id).then(() => done(), failed), t('common.delete'));
  return (
    <Button size="small" type="text" danger aria-label={t('wrapup.remove_named', { name: reason.name })} onClick={ask}>
      {t('common.delete')}
    </Button>
  );
}
