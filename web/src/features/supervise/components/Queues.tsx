// Where customers wait: a row for each group, chosen to see its conversations only.
import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/shared/api/client';
import { useGroupName } from '@/shared/teams/teams';
import { Panel, Wide } from '@/shared/ui/page';
import { useSecond } from '@/shared/ui/second';
import { countdown } from '@/shared/ui/time';

type Board = Schemas['Wallboard'];

interface Props {
  appid: string;
  board: Board;
  toldAt: number;
  mine(group: string): boolean;
  chosen: string;
  choose(group: string): void;
}

export function Queues({ appid, board, toldAt, mine, chosen, choose }: Props) {
  const { t } = useTranslation();
  const nameOf = useGroupName(appid);
  const groups = board.groups.filter((one) => mine(one.group_id)).toSorted((a, b) => b.longest_wait_ms - a.longest_wait_ms || b.waiting - a.waiting || b.open - a.open);
  return (
    <Panel title={t('supervise.queues.title')}>
      {groups.length === 0 ? (
        <p className="muted">{t('supervise.list.none')}</p>
      ) : (
        <Wide label={t('supervise.queues.title')}>
          <table className="live-table">
            <thead>
              <tr>
                <th scope="col">{t('supervise.queues.group')}</th>
                <th scope="col">{t('supervise.queues.waiting')}</th>
                <th scope="col">{t('supervise.queues.longest')}</th>
                <th scope="col">{t('supervise.queues.open')}</th>
              </tr>
            </thead>
            <tbody>
              {groups.map((one) => (
                <tr key={one.group_id} className={one.waiting > 0 ? 'live-waits' : undefined}>
                  <th scope="row">
                    <button className="live-link" aria-pressed={chosen === one.group_id} onClick={() => choose(chosen === one.group_id ? '' : one.group_id)}>
                      {nameOf(one.group_id)}
                    </button>
                  </th>
                  <td className="num">{one.waiting}</td>
                  <td className="num">{one.waiting > 0 ? <Wait ms={one.longest_wait_ms} toldAt={toldAt} /> : '—'}</td>
                  <td className="num">{one.open}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Wide>
      )}
    </Panel>
  );
}

function Wait({ ms, toldAt }: { ms: number; toldAt: number }) {
  return <>{useSecond((now) => countdown(ms + Math.max(0, now - toldAt)))}</>;
}
