// Skills, why agents are busy or away, and how fast those who wait come forward.
import { Button, InputNumber, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonText, standardReasons, useTeamSettings } from '@/shared/teams/teams';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useChangeSettings, type Settings as TeamSettings } from '../api/teams';
import { changeOf } from './edits';
import { exampleOf, pointsMax, reasonsOf } from './points';
import { Skills } from './Skills';

interface Props {
  appid: string;
  mayConfigure: boolean;
}

export function Settings({ appid, mayConfigure }: Props) {
  const settings = useTeamSettings(appid);
  return (
    <>
      <Skills appid={appid} mayConfigure={mayConfigure} />
      <Loaded query={settings} rows={4}>
        {(data) => (
          <>
            <Reasons appid={appid} settings={data} mayConfigure={mayConfigure} />
            <Points appid={appid} settings={data} mayConfigure={mayConfigure} />
          </>
        )}
      </Loaded>
    </>
  );
}

function useSaved(appid: string, settings: TeamSettings) {
  const save = useChangeSettings(appid);
  const { done, failed } = useNotify();
  const [edits, setEdits] = useState<Partial<Pick<TeamSettings, 'points_per_minute' | 'presence_reasons'>>>({});
  const change = changeOf(settings, edits);
  const submit = () => save.mutateAsync(change!).then(() => (setEdits({}), done()), failed);
  return { edits, setEdits, change, submit: () => void submit(), saving: save.isPending };
}

function Reasons({ appid, settings, mayConfigure }: Props & { settings: TeamSettings }) {
  const { t } = useTranslation();
  const { edits, setEdits, change, submit, saving } = useSaved(appid, settings);
  const reasons = edits.presence_reasons ?? settings.presence_reasons;
  // What was removed of the standard ones can be chosen again by its name.
  const options = [...new Set([...standardReasons, ...reasons])].map((value) => ({ value, label: reasonText(value) }));
  return (
    <Panel title={t('teams.reasons.title')}>
      <p className="muted panel-note">{t('teams.reasons.hint')}</p>
      {mayConfigure ? (
        <Select
          mode="tags"
          aria-label={t('teams.reasons.label')}
          placeholder={t('teams.reasons.placeholder')}
          style={{ width: '100%', maxWidth: 640 }}
          value={reasons}
          options={options}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(written: string[]) => setEdits({ presence_reasons: reasonsOf(written) })}
        />
      ) : (
        <p>{reasons.map(reasonText).join(' · ')}</p>
      )}
      {reasons.length === 0 && <p className="muted">{t('teams.reasons.none')}</p>}
      {mayConfigure && (
        <div className="team-foot">
          <Button type="primary" disabled={!change} loading={saving} onClick={submit}>
            {t('common.save')}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Points({ appid, settings, mayConfigure }: Props & { settings: TeamSettings }) {
  const { t } = useTranslation();
  const { edits, setEdits, change, submit, saving } = useSaved(appid, settings);
  const points = edits.points_per_minute ?? settings.points_per_minute;
  return (
    <Panel title={t('teams.points.title')}>
      <p className="muted panel-note">{t('teams.points.hint')}</p>
      <label className="team-line">
        {t('teams.points.label')}
        <InputNumber min={1} max={pointsMax} precision={0} suffix={t('teams.points.unit')} style={{ width: 140 }} disabled={!mayConfigure} value={points} onChange={(value) => setEdits({ points_per_minute: value ?? undefined })} />
      </label>
      <p className="team-example" role="status">
        {t('teams.points.example', exampleOf(points))}
      </p>
      {change && <p className="muted panel-note">{t('teams.points.changes')}</p>}
      {mayConfigure && (
        <div className="team-foot">
          <Button type="primary" disabled={!change} loading={saving} onClick={submit}>
            {t('common.save')}
          </Button>
        </div>
      )}
    </Panel>
  );
}
