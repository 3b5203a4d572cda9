// Below the numbers: where customers wait, and who is there.
import { useTranslation } from 'react-i18next';
import { countText } from '@/shared/charts/numbers';
import { PresenceName } from '@/shared/teams/PresenceName';
import { useGroupName } from '@/shared/teams/teams';
import { countdown } from '@/shared/ui/time';
import type { Agent, Board } from '../api/wallboard';
import { atWork, waitNow } from './board';

const groupsShown = 8;
const agentsShown = 24;

export function BoardGroups({ appid, board, toldAt, now, lost }: { appid: string; board: Board; toldAt: number; now: number; lost: boolean }) {
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
          {groups.slice(0, groupsShown).map((one) => (
            <tr key={one.group_id} className={one.waiting > 0 ? 'board-waits' : undefined}>
              <th scope="row">{nameOf(one.group_id)}</th>
              <td className="num">{countText(one.waiting)}</td>
              <td className="num">{one.waiting > 0 ? countdown(waitNow(one, toldAt, now, lost)) : '—'}</td>
              <td className="num">{countText(one.open)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {groups.length > groupsShown && <p className="muted">{t('reports.board.more', { n: groups.length - groupsShown })}</p>}
    </section>
  );
}

export function BoardAgents({ agents }: { agents: Agent[] }) {
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
              {one.load}/{one.load_max}
            </span>
          </li>
        ))}
      </ul>
      {there.length > agentsShown && <p className="muted">{t('reports.board.more', { n: there.length - agentsShown })}</p>}
    </section>
  );
}
