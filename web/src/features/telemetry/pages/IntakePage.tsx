// 数据接入: what phones report, what is kept, what was lost, and how a mini program is connected. Each part is in the
// address.
import { Alert } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams, useSearchParams } from 'react-router';
import { bytesText } from '@/shared/charts/numbers';
import { presets, rangeOf } from '@/shared/charts/ranges';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Empty, Loaded, Page, Panel } from '@/shared/ui/page';
import { Subnav } from '@/shared/ui/Subnav';
import { useIntake, useProjectKeys, useTelemetrySettings, type Intake, type ProjectKey } from '../api/telemetry';
import { Arrivals } from '../components/Arrivals';
import { IntakeSettings } from '../components/IntakeSettings';
import { NewKey, NewKeyButton, ProjectKeys } from '../components/ProjectKeys';
import { Snippet } from '../components/Snippet';
import { firstRecord } from '../components/snippets';
import './telemetry.css';

const sections = ['arrivals', 'connect', 'settings'] as const;

export function IntakePage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { section: asked } = useParams();
  const section = sections.find((one) => one === asked) ?? 'arrivals';
  const navigate = useNavigate();
  const { can } = usePermissions();
  const mayChange = can('telemetry.manage', appid);
  const keys = useProjectKeys(appid);
  const [adding, setAdding] = useState(false);
  const base = `/m/${appid}/telemetry/intake`;
  const add = mayChange && <NewKeyButton onClick={() => setAdding(true)} />;
  const made = (key: ProjectKey) => {
    setAdding(false);
    void navigate(`${base}/connect?key=${key.id}`);
  };
  return (
    <Page wide title={t('telemetry.intake.title')} purpose={t('telemetry.intake.purpose')} actions={section === 'connect' && (keys.data?.length ?? 0) > 0 && add}>
      <Loaded query={keys} rows={10}>
        {(list) =>
          list.length === 0 ? (
            <Panel>
              <Empty title={t('telemetry.intake.no_key')} text={mayChange ? t('telemetry.intake.no_key_hint') : t('telemetry.intake.no_key_ask')} action={add} />
            </Panel>
          ) : (
            <>
              <Subnav label={t('telemetry.intake.title')} current={section} items={sections.map((key) => ({ key, text: t(`telemetry.intake.sections.${key}`), to: `${base}/${key}` }))} />
              <Connected key={appid} appid={appid} keys={list} section={section} mayChange={mayChange} />
            </>
          )
        }
      </Loaded>
      {adding && <NewKey appid={appid} close={() => setAdding(false)} made={made} />}
    </Page>
  );
}

interface Props {
  appid: string;
  keys: ProjectKey[];
  section: (typeof sections)[number];
  mayChange: boolean;
}

function Connected({ appid, keys, section, mayChange }: Props) {
  const [search] = useSearchParams();
  const asked = rangeOf(search, '24h');
  const range = 'preset' in asked && presets[asked.preset] >= presets['24h'] ? asked.preset : '24h';
  const active = keys.filter((one) => !one.revoked_at).sort((a, b) => b.created_at - a.created_at);
  const chosen = active.find((one) => one.id === search.get('key')) ?? active[0];
  const intake = useIntake(appid, range, (now) => section === 'connect' && !!chosen && firstRecord(now).last < chosen.created_at);
  return (
    <>
      {intake.data && <Problems appid={appid} intake={intake.data} />}
      {section === 'arrivals' && (
        <Loaded query={intake} rows={12}>
          {(data) => <Arrivals appid={appid} intake={data} range={range} />}
        </Loaded>
      )}
      {section === 'connect' && (
        <>
          <Snippet appid={appid} keys={active} intake={intake.data} />
          <ProjectKeys appid={appid} keys={keys} mayChange={mayChange} />
        </>
      )}
      {section === 'settings' && <IntakeSettings appid={appid} mayChange={mayChange} />}
    </>
  );
}

const muchWaiting = 64 * 1024 * 1024;

function Problems({ appid, intake }: { appid: string; intake: Intake }) {
  const { t } = useTranslation();
  const settings = useTelemetrySettings(appid);
  const space = { marginBottom: 16 };
  return (
    <>
      {intake.problem && <Alert type="error" showIcon style={space} title={t('telemetry.intake.problem')} description={t('telemetry.intake.problem_hint', { problem: intake.problem })} />}
      {intake.waiting_bytes > muchWaiting && <Alert type="warning" showIcon style={space} title={t('telemetry.intake.behind', { size: bytesText(intake.waiting_bytes) })} description={t('telemetry.intake.behind_hint')} />}
      {settings.data?.enabled === false && <Alert type="warning" showIcon style={space} title={t('telemetry.intake.stopped')} description={t('telemetry.intake.stopped_hint')} />}
    </>
  );
}
