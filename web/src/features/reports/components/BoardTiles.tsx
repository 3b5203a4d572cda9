// The wallboard's large numbers.
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { countText, percentText } from '@/shared/charts/numbers';
import { countdown } from '@/shared/ui/time';
import type { Figures } from '../api/reports';
import type { Agent, Board } from '../api/wallboard';
import { loadOf, waitNow } from './board';
import { spanText } from './spans';

interface Props {
  board: Board;
  toldAt: number;
  now: number;
  lost: boolean;
  agents: Agent[] | undefined;
  today: Figures | undefined;
  held: { held: number; breached: number } | undefined;
}

type Look = 'calm' | 'warning' | 'bad';

function Tile({ label, value, hint, look = 'calm' }: { label: string; value: string; hint?: ReactNode; look?: Look }) {
  return (
    <section className={`board-tile board-${look}`}>
      <h2>{label}</h2>
      <div className="board-value num">{value}</div>
      {hint && <div className="board-hint num">{hint}</div>}
    </section>
  );
}

export function BoardTiles({ board, toldAt, now, lost, agents, today, held }: Props) {
  const { t } = useTranslation();
  const wait = waitNow(board, toldAt, now, lost);
  const nobody = board.agents.online + board.agents.busy === 0;
  const load = agents && loadOf(agents);
  const lasting = (ms: number | null | undefined) => (ms === null || ms === undefined ? '—' : spanText(ms));
  const missed = today && today.response.missed + today.wait.missed;
  const all = held ? held.held + held.breached : 0;
  return (
    <div className="board-tiles">
      <Tile label={t('reports.board.waiting')} value={countText(board.waiting)} look={board.waiting === 0 ? 'calm' : nobody ? 'bad' : 'warning'} hint={board.waiting === 0 ? t('reports.board.nobody_waits') : nobody ? t('reports.board.nobody_there') : undefined} />
      <Tile label={t('reports.board.longest')} value={board.waiting === 0 ? '—' : countdown(wait)} />
      <Tile label={t('reports.board.agents')} value={countText(board.agents.online)} look={nobody ? 'bad' : 'calm'} hint={t('reports.board.there', { busy: countText(board.agents.busy), away: countText(board.agents.away) })} />
      <Tile label={t('reports.board.load')} value={load && load.max > 0 ? percentText(load.n, load.max) : '—'} look={load && load.max > 0 && load.n >= load.max ? 'warning' : 'calm'} hint={load && t('reports.board.load_of', { n: countText(load.n), max: countText(load.max) })} />
      <Tile
        label={t('reports.board.first_answer')}
        value={lasting(today?.first_answer.median_ms)}
        hint={
          <>
            {t('reports.board.first_answer_of', { p90: lasting(today?.first_answer.p90_ms), mean: lasting(today?.first_answer.mean_ms) })}
            <br />
            {t('reports.board.last_hour', { n: lasting(board.last_hour.first_answer.median_ms) })}
          </>
        }
      />
      {held && all > 0 && <Tile label={t('reports.board.held')} value={percentText(held.held, all)} hint={t('reports.board.held_of', { held: countText(held.held), breached: countText(held.breached) })} />}
      <Tile label={t('reports.board.missed')} value={missed === undefined ? '—' : countText(today!.response.missed)} look={missed ? 'warning' : 'calm'} hint={today && t('reports.board.abandoned', { n: countText(today.wait.missed) })} />
      <Tile label={t('reports.board.opened')} value={countText(board.today.opened)} hint={t('reports.board.answered', { n: countText(board.today.answered), open: countText(board.open) })} />
    </div>
  );
}
