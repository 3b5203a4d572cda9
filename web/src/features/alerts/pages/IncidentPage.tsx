// One incident: its timeline of signals, releases and actions, and the review 复盘 that is filled from it.
import { Button, Input, Select } from 'antd';
import { ArrowLeft } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Loaded, Mark, Page, Panel, useNotify } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useAddEntry, useChangeIncident, useIncident, useIncidentReview, useWriteReview, type Incident } from '../api/alerts';
import { incidentLevels } from '../components/Incidents';
import { Severity, State } from '../components/marks';
import './alerts.css';

export function IncidentPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { id = '' } = useParams();
  const incident = useIncident(appid, id);
  const { can } = usePermissions();
  const mayHandle = can('alerts.handle', appid);
  return (
    <Page
      wide
      title={incident.data?.title || t('alerts.incidents.title')}
      purpose={t('alerts.incidents.purpose')}
      actions={
        <Link to={`/m/${appid}/alerts/incidents`}>
          <Button icon={<ArrowLeft size={15} aria-hidden />}>{t('alerts.incidents.all')}</Button>
        </Link>
      }
    >
      <Loaded query={incident} rows={8}>
        {(data) => (
          <>
            <Head appid={appid} incident={data} mayHandle={mayHandle} />
            <div className="incident-columns">
              <TimelineOf appid={appid} incident={data} mayHandle={mayHandle} />
              <Panel title={t('alerts.incidents.alerts')}>
                <ul className="alert-review">
                  {data.items.map((one) => (
                    <li key={one.id}>
                      <span>
                        <Severity of={one} /> <Link to={`/m/${appid}/alerts/${one.id}`}>{one.sentence || one.rule_name}</Link>
                      </span>
                      <State alert={one} />
                    </li>
                  ))}
                </ul>
                {data.items.length === 0 && <p className="muted">{t('alerts.incidents.no_alerts')}</p>}
              </Panel>
            </div>
            <Review appid={appid} id={data.id} mayHandle={mayHandle} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

const states = ['open', 'mitigated', 'resolved'] as const;
const isState = (text: string): text is Incident['state'] => states.some((one) => one === text);

function Head({ appid, incident, mayHandle }: { appid: string; incident: Incident; mayHandle: boolean }) {
  const { t } = useTranslation();
  const change = useChangeIncident(appid);
  const { done, failed } = useNotify();
  return (
    <div className="alert-actions">
      <Mark level={incidentLevels[incident.state]}>{t(`alerts.incidents.states.${incident.state}`)}</Mark>
      <strong>{incident.priority}</strong>
      <span className="muted">
        <Exact at={incident.opened_at} /> {incident.opened_by || t('alerts.by_itself')}
      </span>
      {mayHandle && <Select aria-label={t('alerts.columns.state')} style={{ minWidth: 120 }} value={incident.state} options={states.map((value) => ({ value, label: t(`alerts.incidents.states.${value}`) }))} onChange={(state) => change.mutateAsync({ id: incident.id, change: { state } }).then(() => done(), failed)} />}
    </div>
  );
}

function TimelineOf({ appid, incident, mayHandle }: { appid: string; incident: Incident; mayHandle: boolean }) {
  const { t } = useTranslation();
  const add = useAddEntry(appid);
  const { failed } = useNotify();
  const [text, setText] = useState('');
  const [kind, setKind] = useState<'action' | 'comment'>('action');
  return (
    <Panel title={t('alerts.timeline.title')}>
      <ol className="alert-timeline">
        {incident.timeline.map((one) => (
          <li key={one.id}>
            <span className="muted">
              <Exact at={one.at} />
            </span>
            <strong>{t(`alerts.incidents.entries.${one.kind}`)}</strong>
            <span>
              {one.alert_id ? <Link to={`/m/${appid}/alerts/${one.alert_id}`}>{one.text}</Link> : one.kind === 'state' && isState(one.text) ? t(`alerts.incidents.states.${one.text}`) : one.text} <span className="muted">{one.by}</span>
            </span>
          </li>
        ))}
      </ol>
      {mayHandle && (
        <div className="alert-comment">
          <Select aria-label={t('alerts.incidents.kind')} value={kind} options={(['action', 'comment'] as const).map((value) => ({ value, label: t(`alerts.incidents.entries.${value}`) }))} onChange={setKind} />
          <Input aria-label={t('alerts.incidents.entry')} placeholder={t('alerts.incidents.entry')} value={text} maxLength={4000} onChange={(event) => setText(event.target.value)} />
          <Button disabled={text.trim() === ''} loading={add.isPending} onClick={() => add.mutateAsync({ id: incident.id, kind, text: text.trim() }).then(() => setText(''), failed)}>
            {t('common.add')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Review({ appid, id, mayHandle }: { appid: string; id: string; mayHandle: boolean }) {
  const { t } = useTranslation();
  const review = useIncidentReview(appid, id);
  const write = useWriteReview(appid);
  const { done, failed } = useNotify();
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <Panel title={t('alerts.incidents.review')}>
      <Loaded query={review} rows={8}>
        {({ markdown, written }) => (
          <>
            <p className="muted panel-note">{written ? t('alerts.incidents.written') : t('alerts.incidents.template')}</p>
            <Input.TextArea aria-label={t('alerts.incidents.review')} readOnly={!mayHandle} autoSize={{ minRows: 10, maxRows: 40 }} maxLength={50_000} value={draft ?? markdown} onChange={(event) => setDraft(event.target.value)} />
            {mayHandle && (
              <Button type="primary" style={{ marginTop: 12 }} disabled={draft === null && written} loading={write.isPending} onClick={() => write.mutateAsync({ id, markdown: draft ?? markdown }).then(() => (done(), setDraft(null)), failed)}>
                {t('common.save')}
              </Button>
            )}
          </>
        )}
      </Loaded>
    </Panel>
  );
}
