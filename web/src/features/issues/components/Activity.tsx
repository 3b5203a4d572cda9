// What was done and said about an issue; steps that can be taken back have the button for it.
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago, exactTime, useZone } from '@/shared/ui/time';
import { useActivity, useComment, useUndo, type IssueActivity, type IssueState } from '../api/issues';
import { changesOf, type Field } from './history';

export function Activity({ appid, issue, mayHandle }: { appid: string; issue: string; mayHandle: boolean }) {
  const { t } = useTranslation();
  const activity = useActivity(appid, issue);
  const undo = useUndo(appid);
  const { done, failed } = useNotify();
  return (
    <Panel title={t('issues.activity.title')}>
      {mayHandle && <Comment appid={appid} issue={issue} />}
      <Loaded query={activity} rows={4}>
        {({ pages }) => (
          <ul className="activity">
            {pages
              .flatMap((page) => page.items)
              .map((one) => (
                <li key={one.id}>
                  <span className="muted">
                    <Ago at={one.at} /> {one.by || t('issues.activity.program')}
                  </span>{' '}
                  <Step step={one} />
                  {mayHandle && one.can_undo && (
                    <Button type="link" size="small" loading={undo.isPending && undo.variables?.activity_id === one.id} onClick={() => undo.mutateAsync({ id: issue, activity_id: one.id }).then(() => done(t('issues.activity.undone')), failed)}>
                      {t('common.undo')}
                    </Button>
                  )}
                </li>
              ))}
          </ul>
        )}
      </Loaded>
      {activity.hasNextPage && (
        <Button size="small" loading={activity.isFetchingNextPage} onClick={() => void activity.fetchNextPage()}>
          {t('common.load_more')}
        </Button>
      )}
    </Panel>
  );
}

function Step({ step }: { step: IssueActivity }) {
  const { t } = useTranslation();
  const zone = useZone();
  // A stored value as people say it.
  const words = (field: Field, value: unknown): string => {
    if (value === null || value === undefined || value === '') return '—';
    if (field === 'state') return t(`issues.states.${value as IssueState['state']}`);
    if (field === 'assignee') return (value as { name: string }).name;
    if (field !== 'ignored') return String(value);
    const until = value as Partial<NonNullable<IssueState['ignored']>>;
    return [until.until_at && t('issues.ignored_until', { at: exactTime(until.until_at, zone) }), until.until_count && t('issues.ignored_count', { n: until.until_count }), until.until_release && t('issues.ignored_release', { release: until.after_release ?? '' })].filter(Boolean).join(' · ');
  };
  if (step.what === 'comment') return <p className="activity-comment">{step.text}</p>;
  const changes = changesOf(step);
  return (
    <span>
      {t(`issues.activity.what.${step.what}`)}
      {step.text && <span className="num"> {step.text}</span>}
      {changes.map(({ field, from, to }) => (
        <span key={field}>
          {' '}
          · {t(`issues.activity.fields.${field}`)} <span className="muted">{words(field, from)}</span> → {words(field, to)}
        </span>
      ))}
    </span>
  );
}

function Comment({ appid, issue }: { appid: string; issue: string }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const comment = useComment(appid);
  const { failed } = useNotify();
  const send = () => comment.mutateAsync({ id: issue, text: text.trim() }).then(() => setText(''), failed);
  return (
    <div className="activity-new">
      <Input.TextArea aria-label={t('issues.activity.comment')} placeholder={t('issues.activity.comment')} autoSize={{ minRows: 2, maxRows: 8 }} maxLength={5000} value={text} onChange={(event) => setText(event.target.value)} />
      <Button disabled={text.trim() === ''} loading={comment.isPending} onClick={() => void send()}>
        {t('issues.activity.send')}
      </Button>
    </div>
  );
}
