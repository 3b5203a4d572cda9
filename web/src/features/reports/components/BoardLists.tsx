// Below the numbers: where customers wait, and who is there.
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { PresenceName } from '@/shared/teams/PresenceName';
import { useGroupName } from '@/shared/teams/teams';
import { countdown } from '@/shared/ui/time';
import type { Agent, Board } from '../api/wallboard';
import { atWork, waitNow, type Ways } from './board';
import { BoardNumber } from './BoardNumber';

const groupsShown = 8;
const agentsShown = 24;

export function BoardGroups({ appid, board, ways, toldAt, now, lost }: { appid: string; board: Board; ways: Ways; toldAt: number; now: number; lost: boolean }) {
  const { t } = useTranslation();
  const nameOf = useGroupName(appid);
  const groups = board.groups.toSorted((a, b) => b.waiting - a.waiting || b.longest_wait_ms - a.longest_wait_ms || b.open - a.open);
  return (
    <section className="board-list">
      <h2>{t('reports.board.groups')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('reports.board.group')}</th>
            <th scope="col">{t('reports.board.waiting')}</th>
            <th scope="col">{t('reports.board.longest')}</th>
            <th scope="col">{t('reports.board.open')}</th>
          </tr>
        </thead>
        <tbody>
          {groups.slice(0, groupsShown).map((one) => {
            const name = nameOf(one.group_id);
            const number = (what: string, text: string, to: string, n: number) => (
              <td className="num">
                <BoardNumber what={`${name} ${what}`} text={text} to={n > 0 ? to : undefined} />
              </td>
            );
            return (
              <tr key={one.group_id} className={one.waiting > 0 ? 'board-waits' : undefined}>
                <th scope="row">{name}</th>
                {number(t('reports.board.waiting'), countText(one.waiting), ways.waiting(one.group_id), one.waiting)}
                {number(t('reports.board.longest'), one.waiting > 0 ? countdown(waitNow(one, toldAt, now, lost)) : '—', ways.waiting(one.group_id), one.waiting)}
                {number(t('reports.board.open'), countText(one.open), ways.open(one.group_id), one.open)}
              </tr>
            );
          })}
        </tbody>
      </table>
      {groups.length > groupsShown && <p className="muted">{t('reports.board.more', { n: groups.length - groupsShown })}</p>}
    </section>
  );
}

export function BoardAgents({ agents, ways, own }: { agents: Agent[]; ways: Ways; own: string }) {
  const { t } = useTranslation();
  const there = atWork(agents);
  return (
    <section className="board-list">
      <h2>{t('reports.board.people')}</h2>
      {there.length === 0 && <p className="muted">{t('reports.board.no_people')}</p>}
      <ul className="board-agents">
        {there.slice(0, agentsShown).map((one) => (
          <li key={one.account_id}>
            <span className="board-agent">{one.display_name}</span>
            <PresenceName state={one.presence} />
            <span className="board-load num">
              <BoardNumber what={`${one.display_name} ${t('reports.board.load')}`} text={`${one.load}/${one.load_max}`} to={one.load > 0 ? ways.agent(one.account_id, one.account_id === own) : undefined} />
            </span>
          </li>
        ))}
      </ul>
      {there.length > agentsShown && <p className="muted">{t('reports.board.more', { n: there.length - agentsShown })}</p>}
    </section>
  );
}
