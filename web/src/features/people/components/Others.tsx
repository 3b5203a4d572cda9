// The person's other profiles: a second account here, or what another mini program knows.
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import type { Profile } from '../api/people';
import { Blocked, PersonLink, Tags, useProgramName } from './marks';

export function Others({ profiles }: { profiles: Profile[] }) {
  const { t } = useTranslation();
  const programName = useProgramName();
  if (profiles.length === 0) return null;
  return (
    <Panel title={t('people.others.title')}>
      <p className="muted panel-note">{t('people.others.hint')}</p>
      <ul className="people-rows">
        {profiles.map((one) => (
          <li key={one.id}>
            <div className="people-row-text">
              <span className="people-line">
                <PersonLink appid={one.appid} id={one.id} of={one} /> <span className="muted">{programName(one.appid)}</span>
                {one.block && <Blocked />}
              </span>
              <span className="people-line">
                <span>{t('people.others.level', { n: one.level })}</span>
                {one.tags.length > 0 && <Tags tags={one.tags} />}
                <span className="muted">
                  {t('people.columns.last_seen')} <Ago at={one.last_seen_at} />
                </span>
              </span>
              {one.note && <span className="people-note">{one.note}</span>}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
