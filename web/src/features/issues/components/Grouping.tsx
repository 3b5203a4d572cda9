// Why these events are one issue, and how to say that they are not.
import { Alert, Button, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useIssues, useMerge, useSplit, type IssueDetail } from '../api/issues';

export function Grouping({ appid, issue, mayHandle }: { appid: string; issue: IssueDetail; mayHandle: boolean }) {
  const { t } = useTranslation();
  const split = useSplit(appid);
  const { done, failed, confirm } = useNotify();
  const [merging, setMerging] = useState(false);
  const askToSplit = (key: string) =>
    confirm(t('issues.grouping.split_title'), t('issues.grouping.split_hint'), () => split.mutateAsync({ id: issue.id, key_id: key }).then(() => done(t('issues.grouping.was_split')), failed), t('issues.grouping.split'));
  return (
    <Panel title={t('issues.grouping.title')} extra={mayHandle && <Button size="small" onClick={() => setMerging(true)}>{t('issues.grouping.merge')}</Button>}>
      {issue.regroup_note && <Alert type="info" showIcon title={t('issues.grouping.maps_came_later')} style={{ marginBottom: 12 }} />}
      <ul className="keys">
        {issue.keys.map((key) => (
          <li key={key.id}>
            <div className="key-head">
              <strong>{t(`issues.grouping.rules.${key.rule}`)}</strong>
              <span className="muted">
                {t('issues.grouping.version', { n: key.version })} · <Ago at={key.first_seen_at} />
                {key.split && ` · ${t('issues.grouping.for_good')}`}
              </span>
              {mayHandle && issue.keys.length > 1 && (
                <Button size="small" onClick={() => askToSplit(key.id)}>
                  {t('issues.grouping.split')}
                </Button>
              )}
            </div>
            <dl className="facts">
              {key.parts.map((part, index) => (
                <div key={index} className="key-part">
                  <dt>{t(`issues.grouping.parts.${part.name}`)}</dt>
                  <dd className="mono">{part.value}</dd>
                </div>
              ))}
            </dl>
          </li>
        ))}
      </ul>
      {issue.merged_from.length > 0 && (
        <p>
          {t('issues.grouping.merged_from')}{' '}
          {issue.merged_from.map((one) => (
            <span key={one.id} className="muted">
              #{one.number} {one.title}{' '}
            </span>
          ))}
        </p>
      )}
      {merging && <MergeDialog appid={appid} issue={issue} close={() => setMerging(false)} />}
    </Panel>
  );
}

function MergeDialog({ appid, issue, close }: { appid: string; issue: IssueDetail; close(): void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<{ value: string; label: React.ReactNode }[]>([]);
  const [now] = useState(() => Date.now());
  const [looking, setLooking] = useState(false);
  const found = useIssues(appid, { from: now - 30 * 86_400_000, to: now, state: 'found,classified,located,fixed,released', ignored: 'yes', sort: 'last_seen', ...(text ? { text } : {}) });
  const merge = useMerge(appid);
  const { done, failed } = useNotify();
  const others = (found.data?.pages.flatMap((page) => page.items) ?? []).filter((one) => one.id !== issue.id);
  return (
    <Modal
      open
      title={t('issues.grouping.merge_title', { n: issue.number })}
      okText={t('issues.grouping.merge')}
      cancelText={t('common.cancel')}
      okButtonProps={{ disabled: chosen.length === 0 }}
      confirmLoading={merge.isPending}
      onCancel={close}
      onOk={() => merge.mutateAsync({ id: issue.id, ids: chosen.map((one) => one.value) }).then(() => (done(t('issues.grouping.was_merged')), close()), failed)}
    >
      <p className="muted">{t('issues.grouping.merge_hint')}</p>
      <Select
        mode="multiple"
        labelInValue
        getPopupContainer={(trigger: HTMLElement) => trigger.parentElement ?? document.body}
        loading={found.isFetching}
        aria-label={t('issues.grouping.others')}
        placeholder={t('issues.grouping.others')}
        style={{ width: '100%' }}
        filterOption={false}
        onSearch={setText}
        value={chosen}
        onChange={setChosen}
        // Closed once something is chosen: it would lie over the button.
        open={looking}
        onOpenChange={setLooking}
        onSelect={() => setLooking(false)}
        options={others.map((one) => ({ value: one.id, label: `#${one.number} ${one.title}` }))}
      />
    </Modal>
  );
}

// For the head of an issue that was asked for by an id that is no more.
export const MergedInto = ({ appid, asked, issue }: { appid: string; asked: string; issue: IssueDetail }) => {
  const { t } = useTranslation();
  if (asked === issue.id) return null;
  return <Alert type="info" showIcon title={t('issues.grouping.became_part', { n: issue.number })} action={<Link to={`/m/${appid}/issues/${issue.id}`}>#{issue.number}</Link>} style={{ marginBottom: 16 }} />;
};
