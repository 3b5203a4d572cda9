// The frame around every page: the rail, the switch for the mini program, the live connection, the palette.
import { useQueryClient } from '@tanstack/react-query';
import { App as AntdApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { LoaderCircle } from 'lucide-react';
import { Suspense, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Outlet, useLocation, useMatches, useParams } from 'react-router';
import { DeskLive } from '@/features/desk/components/DeskLive';
import { LiveProvider } from '@/shared/live/live';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { forgetAnswers, usePermissions, useSessionQuery } from '@/shared/session/session';
import { useTheme } from '@/shared/theme/theme';
import { Failure } from '@/shared/ui/page';
import { ZoneProvider } from '@/shared/ui/time';
import { antdTheme } from './antd';
import { ConnectionBar } from './ConnectionBar';
import { Palette, useHotkey } from './Palette';
import { Rail } from './Rail';
import './shell.css';

// What a route says of its page. Alone: it fills the screen, without rail and notices, as on a wall.
export interface Handle {
  alone?: boolean;
}

// antd's own sign moves, and stays for ever where the end of its motion is missed.
const buttons = { autoInsertSpace: false, loadingIcon: <LoaderCircle size={14} className="spin" aria-hidden /> };

export function Shell() {
  const theme = useTheme();
  const { t, i18n } = useTranslation();
  const session = useSessionQuery();
  const location = useLocation();
  const client = useQueryClient();
  const signedOut = !session.isPending && (!session.data || session.data.account.must_change_password);
  const nobody = session.data === null;
  useEffect(() => {
    if (nobody) forgetAnswers(client);
  }, [client, nobody]);

  if (session.isPending) return null;
  const next = location.pathname === '/' ? '' : `?next=${encodeURIComponent(location.pathname + location.search)}`;
  if (signedOut && !session.error) return <Navigate to={`/login${next}`} replace />;
  return (
    <ConfigProvider theme={antdTheme[theme]} locale={i18n.language === 'en' ? enUS : zhCN} wave={{ disabled: true }} button={buttons}>
      <AntdApp className="app-root">
        <a className="skip-link" href="#main">
          {t('common.skip')}
        </a>
        {session.error ? <Failure error={session.error} retry={() => void session.refetch()} /> : <Frame />}
      </AntdApp>
    </ConfigProvider>
  );
}

function Frame() {
  const { appid } = useParams();
  const alone = useMatches().some(({ handle }) => (handle as Handle | undefined)?.alone);
  const programs = useMiniPrograms();
  const { can } = usePermissions();
  const [palette, setPalette] = useState(false);
  useHotkey('k', () => setPalette(true));
  // The mini programs whose conversations one may read, the chosen one first; at most 50 logs are followed at once.
  const followed = useMemo(() => {
    const appids = (programs.data ?? []).map((one) => one.appid).filter((one) => can('desk.read', one));
    return appids.sort((a, b) => Number(b === appid) - Number(a === appid)).slice(0, 50);
  }, [programs.data, can, appid]);
  const zone = programs.data?.find((one) => one.appid === appid)?.time_zone || 'Asia/Shanghai';

  const outlet = (
    <Suspense fallback={null}>
      <Outlet />
    </Suspense>
  );
  if (alone)
    return (
      <ZoneProvider value={zone}>
        <main id="main" tabIndex={-1} className="shell-alone">
          {outlet}
        </main>
      </ZoneProvider>
    );
  return (
    <LiveProvider appids={followed}>
      <ZoneProvider value={zone}>
        <div className="shell">
          <Rail openPalette={() => setPalette(true)} />
          <div className="shell-main">
            <ConnectionBar followed={followed.length} />
            <main id="main" tabIndex={-1} className="shell-page">
              {outlet}
            </main>
          </div>
        </div>
        {followed.length > 0 && <DeskLive />}
        {palette && <Palette close={() => setPalette(false)} />}
      </ZoneProvider>
    </LiveProvider>
  );
}
