// The wallboard's large numbers. Each leads to the conversations that it was counted from.
import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { countText, percentText } from '@/shared/charts/numbers';
import { countdown } from '@/shared/ui/time';
import type { Figures, Listed, Metric } from '../api/reports';
import type { Agent, Board } from '../api/wallboard';
import { loadOf, waitNow, type Ways } from './board';
import { BoardNumber } from './BoardNumber';
import { spanText } from './spans';

interface Props {
  board: Board;
  ways: Ways;
  today: { from: number };
  toldAt: number;
  now: number;
  lost: boolean;
  agents: Agent[] | undefined;
  figures: Figures | undefined;
  held: { held: number; breached: number } | undefined;
}

type Look = 'calm' | 'warning' | 'bad';
// A word or two below the number; where it leads, if anywhere.
interface Part {
  text: string;
  to?: string;
}

interface TileProps extends Part {
  label: string;
  look?: Look;
  lines?: (Part | false | undefined)[][]; // below the number
}

function Tile({ label, text, to, look = 'calm', lines = [] }: TileProps) {
  return (
    <section className={`board-tile board-${look}`}>
      <h2>{label}</h2>
      <div className="board-value num">
        <BoardNumber what={label} text={text} to={to} />
      </div>
      {lines.map((line, at) => (
        <div key={at} className="board-hint num">
          {line.filter((part) => !!part).map((part, index) => (
            <Fragment key={part.text}>
              {index > 0 && ' · '}
              <BoardNumber text={part.text} to={part.to} />
            </Fragment>
          ))}
        </div>
      ))}
    </section>
  );
}

const timed = (metric: Metric): Listed => ({ metric, part: 'counted', order: 'largest' });
const missing = (metric: Metric): Listed => ({ metric, part: 'missed', order: 'newest' });

export function BoardTiles({ board, ways, today, toldAt, now, lost, agents, figures, held }: Props) {
  const { t } = useTranslation();
  const nobody = board.agents.online + board.agents.busy === 0;
  const load = agents && loadOf(agents);
  const full = !!load && load.max > 0 && load.n >= load.max;
  const lasting = (ms: number | null | undefined) => (ms === null || ms === undefined ? '—' : spanText(ms));
  const some = (n: number | undefined, to: string) => (n ? to : undefined);
  const first = figures?.first_answer;
  const lastHour = board.last_hour.first_answer;
  const all = held ? held.held + held.breached : 0;
  const waiting = some(board.waiting, ways.waiting());
  const timesToday = some(first?.count, ways.today(timed('first_answer')));
  const hint = board.waiting === 0 ? t('reports.board.nobody_waits') : nobody ? t('reports.board.nobody_there') : undefined;
  return (
    <div className="board-tiles">
      <Tile label={t('reports.board.waiting')} text={countText(board.waiting)} to={waiting} look={board.waiting === 0 ? 'calm' : nobody ? 'bad' : 'warning'} lines={hint ? [[{ text: hint }]] : []} />
      <Tile label={t('reports.board.longest')} text={board.waiting === 0 ? '—' : countdown(waitNow(board, toldAt, now, lost))} to={waiting} />
      <Tile
        label={t('reports.board.agents')}
        text={countText(board.agents.online)}
        to={some(board.agents.online, ways.open())}
        look={nobody ? 'bad' : 'calm'}
        lines={[[{ text: t('reports.board.there', { busy: countText(board.agents.busy), away: countText(board.agents.away) }), to: some(board.agents.busy + board.agents.away, ways.open()) }]]}
      />
      <Tile
        label={t('reports.board.load')}
        text={load && load.max > 0 ? percentText(load.n, load.max) : '—'}
        to={some(load?.n, ways.open())}
        look={full ? 'warning' : 'calm'}
        lines={load && [[{ text: t('reports.board.load_of', { n: countText(load.n), max: countText(load.max) }), to: some(load.n, ways.open()) }]]}
      />
      <Tile
        label={t('reports.board.first_answer')}
        text={lasting(first?.median_ms)}
        to={timesToday}
        lines={[
          [{ text: t('reports.board.median') }, { text: t('reports.board.p90', { t: lasting(first?.p90_ms) }), to: timesToday }, { text: t('reports.board.mean', { t: lasting(first?.mean_ms) }), to: timesToday }],
          [{ text: t('reports.board.last_hour', { n: lasting(lastHour.median_ms) }), to: some(lastHour.count, ways.ended(timed('first_answer'), ways.lastHour)) }],
        ]}
      />
      {held && all > 0 && (
        <Tile
          label={t('reports.board.held')}
          text={percentText(held.held, all)}
          to={ways.levels}
          lines={[[{ text: t('reports.board.held_n', { n: countText(held.held) }), to: some(held.held, ways.levels) }, { text: t('reports.board.breached', { n: countText(held.breached) }), to: some(held.breached, ways.breaches) }]]}
        />
      )}
      <Tile
        label={t('reports.board.missed')}
        text={figures ? countText(figures.response.missed) : '—'}
        to={some(figures?.response.missed, ways.today(missing('response')))}
        look={figures && figures.response.missed + figures.wait.missed > 0 ? 'warning' : 'calm'}
        lines={figures && [[{ text: t('reports.board.abandoned', { n: countText(figures.wait.missed) }), to: some(figures.wait.missed, ways.today(missing('wait'))) }]]}
      />
      <Tile
        label={t('reports.board.opened')}
        text={countText(board.today.opened)}
        to={some(board.today.opened, ways.today({ metric: 'conversations', part: 'all', order: 'newest' }))}
        lines={[[
          { text: t('reports.board.answered', { n: countText(board.today.answered) }), to: some(board.today.answered, ways.ended({ metric: 'response', part: 'counted', order: 'newest' }, today.from)) },
          { text: t('reports.board.open_n', { n: countText(board.open) }), to: some(board.open, ways.open()) },
        ]]}
      />
    </div>
  );
}
