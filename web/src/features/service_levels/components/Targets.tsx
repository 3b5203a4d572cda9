// 目标: what is promised, by group and priority, and when to warn. Written together, saved together.
import { Alert, Button, InputNumber } from 'antd';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useGroups } from '@/shared/teams/teams';
import { useKept } from '@/shared/ui/kept';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useSaveTargets, useTargets, type Targets as Stored } from '../api/serviceLevels';
import { Holding } from './Holding';
import { bodyOf, draftOf, edited, freshRow, percentMax, rowsMax, savable, unchanged, undone, warningsInOrder, type Draft, type Edits } from './targetDraft';
import { TargetEditor, TargetTable } from './TargetTable';
import { warningText } from './words';

interface Props {
  appid: string;
  mayConfigure: boolean;
}

export function Targets({ appid, mayConfigure }: Props) {
  const targets = useTargets(appid);
  return (
    <Loaded query={targets} rows={6}>
      {(stored) => (mayConfigure ? <Editor appid={appid} stored={stored} /> : <ReadOnly appid={appid} stored={stored} />)}
    </Loaded>
  );
}

function ReadOnly({ appid, stored }: { appid: string; stored: Stored }) {
  const { t } = useTranslation();
  const draft = draftOf(stored);
  return (
    <>
      <Alert type="info" showIcon title={t('service_levels.read_only')} style={{ marginBottom: 16 }} />
      <Panel title={t('service_levels.targets.title')}>
        <p className="muted panel-note">{t('service_levels.targets.hint')}</p>
        {draft.rows.length === 0 ? <Empty title={t('service_levels.targets.empty')} text={t('service_levels.targets.empty_read')} /> : <TargetTable appid={appid} rows={draft.rows} label={t('service_levels.targets.title')} />}
        <Updated stored={stored} />
      </Panel>
      <Panel title={t('service_levels.warnings.title')}>
        <p>{warningText(draft, t)}</p>
      </Panel>
      {draft.rows.length > 0 && <Holding appid={appid} rows={draft.rows} />}
    </>
  );
}

function Editor({ appid, stored }: { appid: string; stored: Stored }) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const save = useSaveTargets(appid);
  const { done, failed } = useNotify();
  const [edits, setEdits] = useKept<Edits>(`miniops.service_levels.edits.${appid}`);
  const draft = edits?.draft ?? draftOf(stored);
  const dirty = !!edits && !unchanged(draft, stored);
  const stale = dirty && edits.seen !== stored.version;
  const change = (next: Partial<Draft>, field: string) => setEdits(edited(edits, stored, { ...draft, ...next }, field));
  const add = () => change({ rows: [...draft.rows, freshRow(draft.rows, (groups.data ?? []).map((one) => one.id))] }, '');
  const submit = () => save.mutateAsync(bodyOf(draft, edits?.seen ?? stored.version)).then(() => (setEdits(null), done(t('service_levels.targets.saved'))), failed);
  const full = draft.rows.length >= rowsMax;
  const adding = { icon: <Plus size={15} aria-hidden />, disabled: full, onClick: add, children: t('service_levels.targets.add') };
  return (
    <>
      {stale && <Changed appid={appid} stored={stored} take={() => setEdits(null)} keep={() => setEdits({ ...edits, seen: stored.version })} />}
      <Panel title={t('service_levels.targets.title')} extra={draft.rows.length > 0 && <Button {...adding} />}>
        <p className="muted panel-note">{t('service_levels.targets.hint')}</p>
        {draft.rows.length === 0 ? (
          <Empty title={t('service_levels.targets.empty')} text={t('service_levels.targets.empty_hint')} action={<Button type={dirty ? 'default' : 'primary'} {...adding} />} />
        ) : (
          <TargetEditor appid={appid} rows={draft.rows} change={(rows, field) => change({ rows }, field)} />
        )}
        {full && <p className="muted">{t('service_levels.targets.max', { n: rowsMax })}</p>}
        <Updated stored={stored} />
      </Panel>
      {(draft.rows.length > 0 || dirty) && (
        <>
          <Warnings draft={draft} change={change} />
          <div className="sl-foot">
            <Button type="primary" disabled={!dirty || stale || !savable(draft)} loading={save.isPending} onClick={() => void submit()}>
              {t('common.save')}
            </Button>
            {edits && <Button onClick={() => setEdits(undone(edits))}>{t('common.undo')}</Button>}
            {dirty && <Button onClick={() => setEdits(null)}>{t('service_levels.targets.discard')}</Button>}
            {dirty && <span className="muted">{t('service_levels.targets.unsaved')}</span>}
          </div>
        </>
      )}
      {draft.rows.length > 0 && <Holding appid={appid} rows={draft.rows} />}
    </>
  );
}

function Updated({ stored: { updated_at, updated_by } }: { stored: Stored }) {
  const { t } = useTranslation();
  if (!updated_at) return null;
  return (
    <p className="muted sl-small">
      {t('service_levels.targets.updated', { by: updated_by })} <Ago at={updated_at} />
    </p>
  );
}

// Somebody was faster: what they saved is shown, what was written here stays.
function Changed({ appid, stored, take, keep }: { appid: string; stored: Stored; take(): void; keep(): void }) {
  const { t } = useTranslation();
  const theirs = draftOf(stored);
  return (
    <Alert
      type="warning"
      showIcon
      style={{ marginBottom: 16 }}
      title={t('service_levels.targets.changed', { by: stored.updated_by })}
      description={
        <>
          <p>{t('service_levels.targets.changed_hint')}</p>
          <TargetTable appid={appid} rows={theirs.rows} label={t('service_levels.targets.theirs')} />
          <p>{warningText(theirs, t)}</p>
          <div className="sl-foot">
            <Button onClick={take}>{t('service_levels.targets.take_theirs')}</Button>
            <Button onClick={keep}>{t('service_levels.targets.keep_mine')}</Button>
          </div>
        </>
      }
    />
  );
}

function Warnings({ draft, change }: { draft: Draft; change(next: Partial<Draft>, field: string): void }) {
  const { t } = useTranslation();
  const ordered = warningsInOrder(draft);
  return (
    <Panel title={t('service_levels.warnings.title')}>
      <p className="muted panel-note">{t('service_levels.warnings.hint')}</p>
      <div className="sl-line">
        {(['half', 'most'] as const).map((one) => (
          <label key={one} className="sl-line">
            {t(`service_levels.warnings.${one}`)}
            <InputNumber min={0} max={percentMax} precision={0} suffix="%" style={{ width: 96 }} status={ordered ? undefined : 'error'} value={draft[one]} onChange={(value) => change({ [one]: value ?? 0 }, one)} />
          </label>
        ))}
      </div>
      {ordered ? (
        <p className="muted sl-small">{warningText(draft, t)}</p>
      ) : (
        <p className="sl-wrong" role="alert">
          {t('service_levels.warnings.order')}
        </p>
      )}
    </Panel>
  );
}
