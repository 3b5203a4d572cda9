// How customers are named and marked.
import i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { Schemas } from '@/shared/api/client';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { Mark } from '@/shared/ui/page';

// WeChat tells no name: until somebody gives one, the end of the OpenID tells customers apart.
export const nameOf = (one: { nickname: string; openid: string }) => one.nickname || i18next.t('people.unnamed', { tail: one.openid.slice(-4) });
export const personPath = (appid: string, id: string) => `/m/${appid}/people/${id}`;

export const PersonLink = ({ appid, id, of }: { appid: string; id: string; of: { nickname: string; openid: string } }) => <Link to={personPath(appid, id)}>{nameOf(of)}</Link>;

export function useProgramName() {
  const programs = useMiniPrograms();
  return (appid: string) => programs.data?.find((one) => one.appid === appid)?.name ?? appid;
}

// A profile's name, and its mini program when that is another one.
export function End({ appid, end }: { appid: string; end: Schemas['LinkEnd'] }) {
  const programName = useProgramName();
  return (
    <>
      <PersonLink appid={end.appid} id={end.profile_id} of={end} />
      {end.appid !== appid && <span className="muted">{programName(end.appid)}</span>}
    </>
  );
}

export function Blocked() {
  const { t } = useTranslation();
  return <Mark level="failed">{t('people.blocked')}</Mark>;
}

export const Tags = ({ tags }: { tags: string[] }) =>
  tags.length === 0 ? (
    <span className="muted">—</span>
  ) : (
    <span className="people-tags">
      {tags.map((tag) => (
        <span key={tag} className="people-tag">
          {tag}
        </span>
      ))}
    </span>
  );
