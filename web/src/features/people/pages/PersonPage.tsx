// One customer: what is known, by which ids, which profiles are the same person, whether blocked, what was talked about.
import { Alert, Button } from 'antd';
import { ArrowLeft, Ban } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useAppId } from '@/shared/session/miniPrograms';
import { usePermissions } from '@/shared/session/session';
import { Loaded, Page } from '@/shared/ui/page';
import { usePerson, type Person, type Profile } from '../api/people';
import { useAttributes } from '../api/settings';
import { BlockDialog, Lift, Until } from '../components/Blacklist';
import { Conversations, Facts } from '../components/Contact';
import { Identities } from '../components/Identities';
import { Links } from '../components/Links';
import { nameOf } from '../components/marks';
import { Others } from '../components/Others';
import { ProfileForm } from '../components/ProfileForm';
import { Ratings } from '../components/Ratings';
import { Timeline } from '../components/Timeline';
import './people.css';

export function PersonPage() {
  const { t } = useTranslation();
  const appid = useAppId();
  const { id = '' } = useParams();
  const person = usePerson(appid, id);
  // The address may name the person: then it is the eldest profile here.
  const profile = person.data && (person.data.profiles.find((one) => one.id === id) ?? person.data.profiles[0]);
  const { can } = usePermissions();
  const mayChange = can('desk.reply', appid);
  const [blocking, setBlocking] = useState(false);
  const block = person.data?.profiles.find((one) => one.appid === appid && one.block)?.block;
  const name = profile ? nameOf(profile) : '';
  return (
    <Page
      wide
      title={name || t('people.title')}
      purpose={profile ? t('people.person.purpose', { openid: profile.openid }) : t('people.purpose')}
      actions={
        <>
          <Link to={`/m/${appid}/people`}>
            <Button icon={<ArrowLeft size={15} aria-hidden />}>{t('people.back')}</Button>
          </Link>
          {mayChange && profile && !block && (
            <Button danger icon={<Ban size={15} aria-hidden />} onClick={() => setBlocking(true)}>
              {t('people.blacklist.add')}
            </Button>
          )}
        </>
      }
    >
      <Loaded query={person} rows={12}>
        {(data) => (
          <>
            {block && (
              <Alert
                type="error"
                showIcon
                className="people-blocked"
                title={t('people.blacklist.blocked_by', { by: block.blocked_by, reason: block.reason })}
                description={
                  <>
                    {t('people.blacklist.end')}: <Until block={block} />
                  </>
                }
                action={mayChange && <Lift appid={appid} id={profile!.id} name={name} />}
              />
            )}
            <Parts key={profile!.id} appid={appid} person={data} profile={profile!} mayChange={mayChange} mayReveal={can('personal_data.read', appid)} />
          </>
        )}
      </Loaded>
      {blocking && profile && <BlockDialog appid={appid} id={profile.id} name={name} close={() => setBlocking(false)} />}
    </Page>
  );
}

interface PartsProps {
  appid: string;
  person: Person;
  profile: Profile;
  mayChange: boolean;
  mayReveal: boolean;
}

function Parts({ appid, person, profile, mayChange, mayReveal }: PartsProps) {
  const attributes = useAttributes(appid);
  return (
    <div className="people-columns">
      <div>
        <Loaded query={attributes} rows={8}>
          {(defined) => <ProfileForm appid={appid} profile={profile} attributes={defined} mayChange={mayChange} mayReveal={mayReveal} />}
        </Loaded>
        <Links appid={appid} id={profile.id} person={person} mayChange={mayChange} />
        <Timeline appid={appid} profile={profile} />
        <Others profiles={person.profiles.filter((one) => one.id !== profile.id)} />
      </div>
      <div>
        <Identities appid={appid} profile={profile} mayChange={mayChange} mayReveal={mayReveal} />
        <Facts appid={appid} profile={profile} />
        <Conversations appid={appid} profile={profile} />
        <Ratings appid={appid} profile={profile} />
      </div>
    </div>
  );
}
