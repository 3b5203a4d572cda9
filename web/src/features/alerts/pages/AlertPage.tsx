// One alert: what happened, who is on it, what was done, who was told; acknowledged, resolved and closed with a review.
import { Button, Input, Modal, Radio, Steps } from 'antd';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Loaded, Page, Panel, useNotify } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useAcknowledge, useAlert, useClose, useComment, useResolve, useTimeline, type Alert } from '../api/alerts';
import { Deliveries } from '../components/Channels';
import { OpenIncident } from '../components/Incidents';
import { Severity, State } from '../components/marks';
import './alerts.css';

const steps = ['firing', 'acknowledged', 'resolved', 'closed'] as const;

export function AlertPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { id = '' } = useParams();
  const alert = useAlert(appid, id);
  const { can } = usePermissions();
  const mayHandle = can('alerts.handle', appid);
  return (
    <Page
      wide
      title={alert.data?.sentence || alert.data?.rule_name || t('alerts.title')}
      purpose={alert.data ? [alert.data.rule_name, alert.data.group].filter(Boolean).join(' · ') : t('alerts.purpose')}
      actions={
        <Link to={`/m/${appid}/alerts`}>
          <Button icon={<ArrowLeft size={15} aria-hidden />}>{t('alerts.back')}</Button>
        </Link>
      }
    >
      <Loaded query={alert} rows={8}>
        {(data) => (
          <>
            <Panel>
              <Steps size="small" current={steps.indexOf(data.state as (typeof steps)[number])} items={steps.map((one) => ({ title: t(`alerts.states.${one}`) }))} />
            </Panel>
            {mayHandle && <Handle appid={appid} alert={data} />}
            <Panel>
              <Facts appid={appid} alert={data} />
            </Panel>
            <Timeline appid={appid} alert={data} mayHandle={mayHandle} />
            <Deliveries appid={appid} subject={`alert:${data.id}`} mayManage={can('alerts.manage', appid)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Handle({ appid, alert }: { appid: string; alert: Alert }) {
  const { t } = useTranslation();
  const acknowledge = useAcknowledge(appid);
  const resolve = useResolve(appid);
  const { done, failed } = useNotify();
  const [closing, setClosing] = useState(false);
  const [incident, setIncident] = useState(false);
  const open = alert.state === 'firing' || alert.state === 'pending';
  return (
    <div className="alert-actions">
      {open && (
        <Button type="primary" loading={acknowledge.isPending} onClick={() => acknowledge.mutateAsync({ id: alert.id }).then(() => done(t('alerts.done.acknowledged')), failed)}>
          {t('alerts.actions.acknowledge')}
        </Button>
      )}
      {(open || alert.state === 'acknowledged') && (
        <Button type={open ? 'default' : 'primary'} loading={resolve.isPending} onClick={() => resolve.mutateAsync({ id: alert.id }).then(() => done(t('alerts.done.resolved')), failed)}>
          {t('alerts.actions.resolve')}
        </Button>
      )}
      {alert.state === 'resolved' && (
        <Button type="primary" onClick={() => setClosing(true)}>
          {t('alerts.actions.close')}
        </Button>
      )}
      {!alert.incident_id && alert.state !== 'closed' && <Button onClick={() => setIncident(true)}>{t('alerts.incidents.open')}</Button>}
      {closing && <Close appid={appid} alert={alert} close={() => setClosing(false)} />}
      {incident && <OpenIncident appid={appid} alerts={[alert.id]} title={alert.sentence.slice(0, 200)} close={() => setIncident(false)} />}
    </div>
  );
}

function Close({ appid, alert, close }: { appid: string; alert: Alert; close(): void }) {
  const { t } = useTranslation();
  const act = useClose(appid);
  const { done, failed } = useNotify();
  const [note, setNote] = useState('');
  const [verdict, setVerdict] = useState<'useful' | 'noise' | 'unclear'>('useful');
  return (
    <Modal open title={t('alerts.actions.close')} okText={t('alerts.actions.close')} cancelText={t('common.cancel')} okButtonProps={{ disabled: note.trim() === '' }} confirmLoading={act.isPending} onCancel={close} onOk={() => act.mutateAsync({ id: alert.id, note: note.trim(), verdict }).then(() => (done(t('alerts.done.closed')), close()), failed)}>
      <div className="alert-fields">
        <Radio.Group aria-label={t('alerts.closing.verdict')} value={verdict} onChange={(event) => setVerdict(event.target.value as typeof verdict)} options={(['useful', 'noise', 'unclear'] as const).map((value) => ({ value, label: t(`alerts.closing.verdicts.${value}`) }))} />
        <Input.TextArea aria-label={t('alerts.closing.note')} placeholder={t('alerts.closing.note')} autoSize={{ minRows: 3, maxRows: 10 }} maxLength={4000} value={note} onChange={(event) => setNote(event.target.value)} />
      </div>
    </Modal>
  );
}

function Facts({ appid, alert }: { appid: string; alert: Alert }) {
  const { t } = useTranslation();
  const fact = (name: string, value: React.ReactNode) =>
    value ? (
      <>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </>
    ) : null;
  const hiddenBy = alert.hidden_by.startsWith('silence:') ? t('alerts.hidden_by_silence') : alert.hidden_by ? t('alerts.hidden_by_alert') : '';
  return (
    <dl className="facts">
      {fact(t('alerts.columns.severity'), <Severity of={alert} />)}
      {fact(t('alerts.columns.state'), <State alert={alert} />)}
      {fact(t('alerts.facts.kind'), t(`alerts.kinds.${alert.kind}`))}
      {fact(t('alerts.columns.began'), <Exact at={alert.began_at} />)}
      {fact(t('alerts.facts.respond_by'), alert.respond_by && alert.state === 'firing' && <Exact at={alert.respond_by} />)}
      {fact(t('alerts.facts.acknowledged'), alert.acknowledged_at && <><Exact at={alert.acknowledged_at} /> {alert.acknowledged_by}</>)}
      {fact(t('alerts.facts.resolved'), alert.resolved_at && <Exact at={alert.resolved_at} />)}
      {fact(t('alerts.facts.closed'), alert.closed_at && <><Exact at={alert.closed_at} /> {alert.closed_by}</>)}
      {fact(t('alerts.facts.note'), alert.note)}
      {fact(t('alerts.facts.hidden'), hiddenBy)}
      {fact(t('alerts.facts.page'), alert.page)}
      {fact(t('alerts.facts.issue'), alert.issue_id && <Link to={`/m/${appid}/issues/${alert.issue_id}`}>{alert.error_name || t('alerts.facts.to_issue')}</Link>)}
      {fact(t('alerts.facts.incident'), alert.incident_id && <Link to={`/m/${appid}/alerts/incidents/${alert.incident_id}`}>{t('alerts.facts.to_incident')}</Link>)}
      {fact(t('alerts.facts.rule'), <Link to={`/m/${appid}/alerts?rule=${alert.rule_id}&state=all`}>{alert.rule_name}</Link>)}
    </dl>
  );
}

function Timeline({ appid, alert, mayHandle }: { appid: string; alert: Alert; mayHandle: boolean }) {
  const { t } = useTranslation();
  const timeline = useTimeline(appid, alert.id);
  const comment = useComment(appid);
  const { failed } = useNotify();
  const [text, setText] = useState('');
  const words = (detail: Record<string, unknown>) => [detail.text, detail.note, Array.isArray(detail.receivers) ? detail.receivers.join('、') : ''].filter((one) => typeof one === 'string' && one !== '').join(' · ');
  return (
    <Panel title={t('alerts.timeline.title')}>
      <Loaded query={timeline} rows={4}>
        {(items) => (
          <ol className="alert-timeline">
            {items.map((one) => (
              <li key={one.id}>
                <span className="muted">
                  <Exact at={one.at} />
                </span>
                <strong>{t(`alerts.timeline.what.${one.what}`)}</strong>
                <span>
                  {one.by} <span className="muted">{words(one.detail)}</span>
                </span>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
      {mayHandle && (
        <div className="alert-comment">
          <Input aria-label={t('alerts.timeline.comment')} placeholder={t('alerts.timeline.comment')} value={text} maxLength={4000} onChange={(event) => setText(event.target.value)} />
          <Button disabled={text.trim() === ''} loading={comment.isPending} onClick={() => comment.mutateAsync({ id: alert.id, text: text.trim() }).then(() => setText(''), failed)}>
            {t('common.add')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
