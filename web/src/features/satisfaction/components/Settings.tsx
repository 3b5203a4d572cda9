// 设置: whether and how customers are asked, what counts as an answer, who follows up. Written together, saved together.
import { Alert, Button, Form, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useKept } from '@/shared/ui/kept';
import { Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useChangeSettings, useSettings, type Settings as Stored } from '../api/satisfaction';
import { Answers } from './Answers';
import { FollowUpRule } from './FollowUpRule';
import { FormChoice } from './FormChoice';
import { changeOf, draftOf, problemsOf, type Edits, type Problem } from './settingsDraft';
import { Texts } from './Texts';

interface Props {
  appid: string;
  mayConfigure: boolean;
}

// What each part of the page gets.
export interface PartProps {
  appid: string;
  draft: Stored;
  problems: Problem[];
  readOnly: boolean;
  change(part: Edits): void;
}

export function Settings({ appid, mayConfigure }: Props) {
  const settings = useSettings(appid);
  return (
    <Loaded query={settings} rows={8}>
      {(stored) => <Editor appid={appid} mayConfigure={mayConfigure} stored={stored} />}
    </Loaded>
  );
}

function Editor({ appid, mayConfigure, stored }: Props & { stored: Stored }) {
  const { t } = useTranslation();
  const save = useChangeSettings(appid);
  const { done, failed } = useNotify();
  const [kept, setEdits] = useKept<Edits>(`miniops.satisfaction.edits.${appid}`);
  const edits = mayConfigure ? kept : null;
  const draft = draftOf(stored, edits);
  const changed = changeOf(stored, edits);
  const problems = problemsOf(draft);
  const part: PartProps = { appid, draft, problems, readOnly: !mayConfigure, change: (next) => setEdits({ ...edits, ...next }) };
  const submit = () => void save.mutateAsync(changed!).then(() => (setEdits(null), done(t('satisfaction.settings.saved'))), failed);
  return (
    <Form layout="vertical" disabled={!mayConfigure}>
      {!mayConfigure && <Alert type="info" showIcon style={{ marginBottom: 16 }} title={t('satisfaction.settings.read_only')} />}
      <Asking {...part} />
      <FormChoice {...part} />
      <Texts {...part} />
      <Answers {...part} />
      <FollowUpRule {...part} />
      <Anonymous {...part} />
      {mayConfigure && (
        <div className="sat-foot">
          <Button type="primary" disabled={!changed || problems.length > 0} loading={save.isPending} onClick={submit}>
            {t('common.save')}
          </Button>
          {changed && <Button onClick={() => setEdits(null)}>{t('satisfaction.settings.discard')}</Button>}
          {changed && <span className="muted">{problems.length > 0 ? t('satisfaction.settings.wrong') : t('satisfaction.settings.unsaved')}</span>}
        </div>
      )}
    </Form>
  );
}

function Asking({ draft, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <Panel title={t('satisfaction.settings.asking')}>
      <p className="muted panel-note">{t('satisfaction.settings.asking_hint')}</p>
      <label className="sat-line">
        <Switch checked={draft.enabled} onChange={(enabled) => change({ enabled })} />
        {t('satisfaction.settings.enabled')}
      </label>
    </Panel>
  );
}

function Anonymous({ draft, change }: PartProps) {
  const { t } = useTranslation();
  return (
    <Panel title={t('satisfaction.settings.privacy')}>
      <p className="muted panel-note">{t('satisfaction.settings.anonymous_hint')}</p>
      <label className="sat-line">
        <Switch checked={draft.anonymous} onChange={(anonymous) => change({ anonymous })} />
        {t('satisfaction.settings.anonymous')}
      </label>
    </Panel>
  );
}
