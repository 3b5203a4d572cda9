// The left rail: only what exists and what the caller may use. On a phone it is a drawer behind a button.
import { Avatar, Button, Dropdown, Select } from 'antd';
import { Menu as MenuIcon, Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NavLink, useLocation, useNavigate, useParams } from 'react-router';
import { useDeskCounts } from '@/features/desk/api/conversations';
import { PresenceSwitch } from '@/features/desk/components/PresenceSwitch';
import { languages, setLanguage } from '@/i18n';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { useAccount, usePermissions, useSignOut } from '@/shared/session/session';
import { chooseTheme, themeChoice } from '@/shared/theme/theme';
import { addressOf, places, usableBy, type Place } from './places';

const lastKey = 'miniops.last-appid';
export const lastAppId = () => localStorage.getItem(lastKey) ?? '';

export function Rail({ openPalette }: { openPalette(): void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const location = useLocation();
  useEffect(() => setOpen(false), [location.pathname]);
  return (
    <>
      <header className="topbar">
        <Button type="text" aria-label={t('common.menu')} aria-expanded={open} icon={<MenuIcon size={20} aria-hidden />} onClick={() => setOpen(true)} />
        <strong>MiniOps</strong>
        <Button type="text" aria-label={t('common.palette.open')} icon={<Search size={18} aria-hidden />} onClick={openPalette} />
      </header>
      {open && <div className="rail-veil" onClick={() => setOpen(false)} />}
      <nav className={open ? 'rail rail-open' : 'rail'} aria-label={t('common.rail')}>
        <RailHead openPalette={openPalette} close={() => setOpen(false)} />
        <RailPlaces />
        <RailFoot />
      </nav>
    </>
  );
}

function RailHead({ openPalette, close }: { openPalette(): void; close(): void }) {
  const { t } = useTranslation();
  const { appid } = useParams();
  const programs = useMiniPrograms();
  const navigate = useNavigate();
  const location = useLocation();
  useEffect(() => {
    if (appid) localStorage.setItem(lastKey, appid);
  }, [appid]);
  const switchTo = (other: string) => {
    // The same page of the other mini program; an open conversation, customer or webhook stays behind.
    const rest = appid ? location.pathname.slice(`/m/${appid}`.length).replace(/^(\/desk\/workbench)\/.*|^(\/people|\/webhooks)\/\d+$/, '$1$2') : '';
    navigate(`/m/${other}${rest}`);
  };
  return (
    <div className="rail-head">
      <div className="rail-brand">
        <img src="/icon.svg" alt="" width={24} height={24} />
        <strong>MiniOps</strong>
        <Button className="rail-close" type="text" size="small" aria-label={t('common.close')} icon={<X size={18} aria-hidden />} onClick={close} />
      </div>
      {(programs.data?.length ?? 0) > 0 && (
        <Select
          className="rail-switch"
          aria-label={t('common.choose_miniprogram')}
          value={appid}
          placeholder={t('common.choose_miniprogram')}
          showSearch={(programs.data?.length ?? 0) > 8 ? { optionFilterProp: 'label' } : false}
          options={programs.data?.map((one) => ({ value: one.appid, label: one.name }))}
          onChange={switchTo}
        />
      )}
      <button className="rail-search" onClick={openPalette}>
        <Search size={14} aria-hidden />
        <span>{t('common.palette.short')}</span>
        <kbd>Ctrl K</kbd>
      </button>
    </div>
  );
}

function RailPlaces() {
  const { t } = useTranslation();
  const params = useParams();
  const may = usePermissions();
  const programs = useMiniPrograms();
  const appid = params.appid ?? programs.data?.find((one) => one.appid === lastAppId())?.appid ?? programs.data?.[0]?.appid;
  const usable = places.filter(usableBy(may, appid));
  const groups = [...new Set(usable.map((place) => place.group))];
  return (
    <div className="rail-places">
      {groups.map((group) => (
        <div key={group} className="rail-group">
          {group !== 'overview' && <div className="rail-group-name">{t(`common.groups.${group}`)}</div>}
          {usable
            .filter((place) => place.group === group)
            .map((place) => (
              <RailLink key={place.key} place={place} appid={appid} />
            ))}
        </div>
      ))}
    </div>
  );
}

function RailLink({ place, appid }: { place: Place; appid: string | undefined }) {
  const { t } = useTranslation();
  const Icon = place.icon;
  return (
    <NavLink className="rail-link" to={addressOf(place, appid)}>
      <Icon size={17} strokeWidth={1.8} aria-hidden />
      <span>{t(`common.places.${place.key}`)}</span>
      {place.key === 'workbench' && appid && <WaitingBadge appid={appid} />}
    </NavLink>
  );
}

function WaitingBadge({ appid }: { appid: string }) {
  const { t } = useTranslation();
  const counts = useDeskCounts(appid);
  const waiting = counts.data?.waiting ?? 0;
  if (waiting === 0) return null;
  return (
    <span className="rail-badge num" title={t('common.waiting_n', { n: waiting })}>
      {waiting > 99 ? '99+' : waiting}
    </span>
  );
}

function RailFoot() {
  const { t } = useTranslation();
  const account = useAccount();
  const navigate = useNavigate();
  const signOut = useSignOut();
  const { appid } = useParams();
  const { can } = usePermissions();
  const name = account.display_name || account.username;
  const items = [
    { key: 'account', label: t('common.own_account') },
    {
      key: 'language',
      label: t('common.language'),
      children: languages.map((one) => ({ key: `language:${one.key}`, label: one.name })),
    },
    {
      key: 'theme',
      label: t('common.theme.title'),
      children: (['system', 'light', 'dark'] as const).map((one) => ({ key: `theme:${one}`, label: (themeChoice() === one ? '✓ ' : '') + t(`common.theme.${one}`) })),
    },
    { type: 'divider' as const },
    { key: 'sign_out', label: t('common.sign_out') },
  ];
  const choose = (key: string) => {
    if (key === 'account') navigate('/account');
    else if (key === 'sign_out') void signOut();
    else if (key.startsWith('language:')) void setLanguage(key.slice(9) as 'zh' | 'en');
    else if (key.startsWith('theme:')) chooseTheme(key.slice(6) as 'system' | 'light' | 'dark');
  };
  return (
    <div className="rail-foot">
      {appid && can('desk.reply', appid) && <PresenceSwitch appid={appid} />}
      <Dropdown trigger={['click']} placement="topLeft" menu={{ items, onClick: ({ key }) => choose(key) }}>
        <button className="rail-account">
          <Avatar size={28} className="avatar">
            {name.slice(0, 1).toUpperCase()}
          </Avatar>
          <span className="rail-account-name">{name}</span>
        </button>
      </Dropdown>
    </div>
  );
}
