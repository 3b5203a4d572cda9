// What can be done about issues: one, or several that were chosen. Each step can be taken back in the history.
import { App, Button, Dropdown, Input, InputNumber, Modal, Radio, Select } from 'antd';
import { BellOff, CheckCheck, ChevronDown, UserRound } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '@/shared/ui/page';
import { useKeys } from '@/shared/ui/useKeys';
import { useChange, useMembers, type IssueChange, type IssueState } from '../api/issues';
import { severities, states } from './filters';

interface Props {
  appid: string;
  issues: IssueState[];
  releases: string[];
  done?: () => void;
}

// Menus belong to the page's main part, for who finds their way by its landmarks.
const inMain = (trigger: HTMLElement) => trigger.closest('main') ?? document.body;

export function Actions({ appid, issues, releases, done }: Props) {
  const { t } = useTranslation();
  const change = useChange(appid);
  const members = useMembers(appid, true);
  const { failed } = useNotify();
  const { message } = App.useApp();
  const [resolving, setResolving] = useState(false);
  const [assigning, setAssigning] = useState(false);
  const [ignoring, setIgnoring] = useState(false);
  const apply = (what: IssueChange) =>
    change.mutate(
      { ids: issues.map((one) => one.id), change: what },
      {
        onError: failed,
        onSuccess: () => {
          message.success(t('issues.changed', { n: issues.length }));
          done?.();
        },
      },
    );
  useKeys({ e: () => issues.length > 0 && setResolving(true), a: () => issues.length > 0 && setAssigning(true) });
  const people = (members.data ?? []).map((one) => ({ key: one.account_id, label: one.display_name || one.username }));
  const anyIgnored = issues.some((one) => one.ignored);
  return (
    <div className="issue-actions">
      <Button type="primary" icon={<CheckCheck size={15} aria-hidden />} loading={change.isPending} onClick={() => setResolving(true)}>
        {t('issues.actions.resolve')}
      </Button>
      <Dropdown open={assigning} onOpenChange={setAssigning} autoFocus trigger={['click']} getPopupContainer={inMain} menu={{ items: [...people, { type: 'divider' }, { key: '', label: t('issues.nobody') }], onClick: ({ key }) => apply({ assignee_id: key || null }) }}>
        <Button icon={<UserRound size={15} aria-hidden />}>{t('issues.actions.assign')}</Button>
      </Dropdown>
      <Dropdown trigger={['click']} getPopupContainer={inMain} menu={{ items: states.map((key) => ({ key, label: t(`issues.states.${key}`) })), onClick: ({ key }) => apply({ state: key as IssueState['state'] }) }}>
        <Button>
          {t('issues.actions.state')} <ChevronDown size={14} aria-hidden />
        </Button>
      </Dropdown>
      <Dropdown
        trigger={['click']}
        getPopupContainer={inMain}
        menu={{ items: [...severities.map((key) => ({ key, label: `${key} ${t(`issues.severities.${key}`)}` })), { type: 'divider' }, { key: '', label: t('issues.actions.computed') }], onClick: ({ key }) => apply({ severity: (key || null) as IssueChange['severity'] }) }}
      >
        <Button>
          {t('issues.actions.severity')} <ChevronDown size={14} aria-hidden />
        </Button>
      </Dropdown>
      {anyIgnored ? (
        <Button onClick={() => apply({ ignored: null })}>{t('issues.actions.unignore')}</Button>
      ) : (
        <Button icon={<BellOff size={15} aria-hidden />} onClick={() => setIgnoring(true)}>
          {t('issues.actions.ignore')}
        </Button>
      )}
      {resolving && <Resolve releases={releases} close={() => setResolving(false)} apply={apply} />}
      {ignoring && <Ignore close={() => setIgnoring(false)} apply={apply} />}
    </div>
  );
}

interface DialogProps {
  close(): void;
  apply(change: IssueChange): void;
}

function Resolve({ releases, close, apply }: DialogProps & { releases: string[] }) {
  const { t } = useTranslation();
  const [release, setRelease] = useState('');
  return (
    <Modal open title={t('issues.resolve.title')} okText={t('issues.actions.resolve')} cancelText={t('common.cancel')} onCancel={close} onOk={() => (apply({ resolve: true, ...(release.trim() ? { fixed_in: release.trim() } : {}) }), close())}>
      <p className="muted">{t('issues.resolve.hint')}</p>
      <label className="issue-field">
        {t('issues.resolve.release')}
        <Input list="issue-releases" value={release} placeholder={releases[0] ? t('issues.resolve.newest', { release: releases[0] }) : ''} onChange={(event) => setRelease(event.target.value)} maxLength={200} />
        <datalist id="issue-releases">
          {releases.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      </label>
    </Modal>
  );
}

const hours = [1, 24, 168] as const;

function Ignore({ close, apply }: DialogProps) {
  const { t } = useTranslation();
  const [until, setUntil] = useState<'time' | 'count' | 'release'>('time');
  const [time, setTime] = useState<number>(24);
  const [count, setCount] = useState(100);
  const ignored = until === 'time' ? { until_at: Date.now() + time * 3_600_000 } : until === 'count' ? { until_count: count } : { until_release: true };
  return (
    <Modal open title={t('issues.ignore.title')} okText={t('issues.actions.ignore')} cancelText={t('common.cancel')} onCancel={close} onOk={() => (apply({ ignored }), close())}>
      <p className="muted">{t('issues.ignore.hint')}</p>
      <Radio.Group
        aria-label={t('issues.ignore.title')}
        className="issue-choices"
        value={until}
        onChange={(event) => setUntil(event.target.value as typeof until)}
        options={(['time', 'count', 'release'] as const).map((value) => ({ value, label: t(`issues.ignore.${value}`) }))}
      />
      {until === 'time' && <Select aria-label={t('issues.ignore.time')} value={time} options={hours.map((value) => ({ value, label: t(`issues.ignore.hours_${value}`) }))} onChange={setTime} style={{ width: 160 }} />}
      {until === 'count' && <InputNumber aria-label={t('issues.ignore.count')} min={1} max={1_000_000_000} value={count} onChange={(value) => setCount(value ?? 1)} />}
    </Modal>
  );
}
