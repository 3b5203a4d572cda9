// 客服大屏: on a wall, read from afar. It asks every few seconds; without an answer it keeps what it shows and says since
// when.
import { Button } from 'antd';
import { ArrowLeft, CloudOff, Maximize, Minimize } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { problemText } from '@/shared/api/problems';
import { daysOf, spanOf } from '@/shared/charts/wholeDays';
import { useAppId, useMiniProgram } from '@/shared/session/miniPrograms';
import { usePermissions, useSessionQuery } from '@/shared/session/session';
import { useAgents } from '@/shared/teams/teams';
import { Loaded, useTitle } from '@/shared/ui/page';
import { clockTime, duration, exactTime, useNow, useZone } from '@/shared/ui/time';
import { boardMs, useBoard, useHeld, useToday } from '../api/wallboard';
import { isLost, waysOf } from '../components/board';
import { BoardAgents, BoardGroups } from '../components/BoardLists';
import { BoardTiles } from '../components/BoardTiles';
import './wallboard.css';

export function WallboardPage() {
  const appid = useAppId();
  return <Wallboard key={appid} appid={appid} />;
}

function Wallboard({ appid }: { appid: string }) {
  const { t } = useTranslation();
  useTitle(t('reports.board.title'));
  const zone = useZone();
  const now = useNow();
  const { can, canSome } = usePermissions();
  const own = useSessionQuery().data?.account.id ?? '';
  const day = daysOf({ preset: '24h' }, now, zone).to;
  const today = useMemo(() => spanOf({ from: day, to: day }, zone), [day, zone]);
  const board = useBoard(appid);
  const agents = useAgents(appid, boardMs);
  const figures = useToday(appid, today);
  const held = useHeld(appid, day);
  const lost = isLost(board, now);
  return (
    <div className="board">
      <BoardHead appid={appid} now={now} />
      {lost && board.data && <Lost error={board.error} since={board.dataUpdatedAt} now={now} />}
      <Loaded query={board} rows={12}>
        {(data) => {
          const ways = waysOf(appid, canSome('desk.supervise', appid), today, data.at);
          return (
            <>
              <BoardTiles board={data} ways={ways} today={today} toldAt={board.dataUpdatedAt} now={now} lost={lost} agents={agents.data?.items} figures={figures.data} held={held.data} />
              <div className="board-lists">
                <BoardGroups appid={appid} board={data} ways={ways} toldAt={board.dataUpdatedAt} now={now} lost={lost} />
                {agents.data && <BoardAgents agents={agents.data.items} ways={ways} own={own} />}
              </div>
            </>
          );
        }}
      </Loaded>
      {!can('desk.supervise', appid) && <p className="muted">{t('reports.board.own')}</p>}
    </div>
  );
}

function BoardHead({ appid, now }: { appid: string; now: number }) {
  const { t } = useTranslation();
  const zone = useZone();
  const program = useMiniProgram();
  const { full, toggle } = useFullScreen();
  const Icon = full ? Minimize : Maximize;
  return (
    <header className="board-head">
      <Link to={`/m/${appid}/reports`} aria-label={t('reports.board.back')} title={t('reports.board.back')} className="board-back">
        <ArrowLeft size={20} aria-hidden />
      </Link>
      <h1>
        {program?.name} <span className="muted">{t('reports.board.title')}</span>
      </h1>
      <time className="board-clock num" dateTime={new Date(now).toISOString()} title={exactTime(now, zone)}>
        {clockTime(now, zone)}
      </time>
      {document.fullscreenEnabled && (
        <Button type="text" icon={<Icon size={18} aria-hidden />} onClick={toggle}>
          {t(full ? 'reports.board.leave' : 'reports.board.full')}
        </Button>
      )}
    </header>
  );
}

function Lost({ error, since, now }: { error: unknown; since: number; now: number }) {
  const { t } = useTranslation();
  const zone = useZone();
  const why = error ? problemText(error) : t('errors.network_unreachable');
  return (
    <div className="board-lost">
      <CloudOff size={22} aria-hidden />
      <span role="status">{t('reports.board.lost', { why, at: exactTime(since, zone) })}</span>
      <span className="num" aria-hidden>
        {t('common.time.ago', { t: duration(now - since) })}
      </span>
    </div>
  );
}

function useFullScreen() {
  const [full, setFull] = useState(() => !!document.fullscreenElement);
  useEffect(() => {
    const listen = () => setFull(!!document.fullscreenElement);
    document.addEventListener('fullscreenchange', listen);
    return () => document.removeEventListener('fullscreenchange', listen);
  }, []);
  // A browser that does not want to stays as it is.
  const toggle = () => void (full ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(() => {});
  return { full, toggle };
}
