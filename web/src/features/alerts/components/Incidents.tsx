// Incidents 事件: what belongs together, told once, reviewed afterwards.
import { Button, Input, Modal, Select, Table } from 'antd';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { Empty, Loaded, Mark, Panel, useNotify, type Level } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useIncidents, useOpenIncident, type Incident } from '../api/alerts';

export const incidentLevels: Record<Incident['state'], Level> = { open: 'failed', mitigated: 'warning', resolved: 'ok' };

export function Incidents({ appid, mayHandle }: { appid: string; mayHandle: boolean }) {
  const { t } = useTranslation();
  const incidents = useIncidents(appid);
  const [opening, setOpening] = useState(false);
  return (
    <Panel
      title={t('alerts.incidents.title')}
      extra={
        mayHandle && (
          <Button icon={<Plus size={15} aria-hidden />} onClick={() => setOpening(true)}>
            {t('alerts.incidents.open')}
          </Button>
        )
      }
    >
      <Loaded query={incidents} rows={5}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('alerts.incidents.none')} text={t('alerts.incidents.none_hint')} />
          ) : (
            <Table
              rowKey="id"
              size="small"
              pagination={false}
              scroll={{ x: 'max-content' }}
              dataSource={items}
              columns={[
                { title: t('alerts.form.priority'), dataIndex: 'priority' },
                { title: t('alerts.incidents.what'), render: (_, one) => <Link to={`/m/${appid}/alerts/incidents/${one.id}`}>{one.title}</Link> },
                { title: t('alerts.columns.state'), render: (_, one) => <Mark level={incidentLevels[one.state]}>{t(`alerts.incidents.states.${one.state}`)}</Mark> },
                { title: t('alerts.incidents.opened'), render: (_, one) => <><Ago at={one.opened_at} /> <span className="muted">{one.opened_by || t('alerts.by_itself')}</span></> },
                { title: t('alerts.incidents.alerts'), align: 'right', render: (_, one) => <span className="num">{one.alerts}</span> },
                { title: t('alerts.incidents.reviewed'), render: (_, one) => (one.reviewed ? t('common.yes') : <span className="muted">{t('common.no')}</span>) },
              ]}
            />
          )
        }
      </Loaded>
      {opening && <OpenIncident appid={appid} alerts={[]} title="" close={() => setOpening(false)} />}
    </Panel>
  );
}

export function OpenIncident({ appid, alerts, title: first, close }: { appid: string; alerts: string[]; title: string; close(): void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(first);
  const [priority, setPriority] = useState<Incident['priority']>('P1');
  const open = useOpenIncident(appid);
  const navigate = useNavigate();
  const { failed } = useNotify();
  const save = () => open.mutateAsync({ title: title.trim(), priority, ...(alerts.length > 0 ? { alert_ids: alerts } : {}) }).then((made) => (close(), navigate(`/m/${appid}/alerts/incidents/${made.id}`)), failed);
  return (
    <Modal open title={t('alerts.incidents.open')} okText={t('alerts.incidents.open')} cancelText={t('common.cancel')} okButtonProps={{ disabled: title.trim() === '' }} confirmLoading={open.isPending} onCancel={close} onOk={() => void save()}>
      <div className="alert-fields">
        <Input aria-label={t('alerts.incidents.what')} placeholder={t('alerts.incidents.what')} value={title} maxLength={200} onChange={(event) => setTitle(event.target.value)} />
        <Select aria-label={t('alerts.form.priority')} value={priority} options={(['P0', 'P1', 'P2', 'P3'] as const).map((value) => ({ value, label: value }))} onChange={setPriority} />
      </div>
    </Modal>
  );
}
