// Proposals 关联建议: two who share a phone or login id; people say whether they are one.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useDecide, useProposals, type Proposal } from '../api/people';
import { End, nameOf } from './marks';

export function Proposals({ appid, mayChange }: { appid: string; mayChange: boolean }) {
  const { t } = useTranslation();
  const proposals = useProposals(appid);
  return (
    <Panel title={t('people.proposals.title')}>
      <p className="muted panel-note">{t('people.proposals.hint')}</p>
      <Loaded query={proposals} rows={4}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return (
            <>
              {items.length === 0 && !proposals.hasNextPage && <Empty title={t('people.proposals.none')} text={t('people.proposals.none_hint')} />}
              <ProposalRows appid={appid} items={items} mayChange={mayChange} />
              {proposals.hasNextPage && (
                <Button loading={proposals.isFetchingNextPage} onClick={() => void proposals.fetchNextPage()} style={{ marginTop: 12 }}>
                  {t('common.load_more')}
                </Button>
              )}
            </>
          );
        }}
      </Loaded>
    </Panel>
  );
}

export function ProposalRows({ appid, items, mayChange }: { appid: string; items: Proposal[]; mayChange: boolean }) {
  const { t } = useTranslation();
  const decide = useDecide(appid);
  const { done, failed } = useNotify();
  const answer = (id: string, same: boolean) => decide.mutateAsync({ id, same }).then(() => done(same ? t('people.proposals.confirmed') : t('people.proposals.rejected')), failed);
  return (
    <ul className="people-rows">
      {items.map((one) => {
        const [a, b] = one.profiles;
        const names = { a: nameOf(a!), b: nameOf(b!) };
        return (
          <li key={one.id}>
            <div className="people-row-text">
              <span className="people-line">
                <End appid={appid} end={a!} /> <span aria-hidden>?</span> <End appid={appid} end={b!} />
              </span>
              <span className="muted">
                {t(`people.proposals.because.${one.because}`)} · <Ago at={one.proposed_at} />
              </span>
            </div>
            {mayChange && (
              <span className="people-line">
                <Button size="small" type="primary" aria-label={t('people.proposals.confirm_one', names)} loading={decide.isPending && decide.variables?.id === one.id && decide.variables.same} onClick={() => void answer(one.id, true)}>
                  {t('people.proposals.confirm')}
                </Button>
                <Button size="small" aria-label={t('people.proposals.reject_one', names)} loading={decide.isPending && decide.variables?.id === one.id && !decide.variables.same} onClick={() => void answer(one.id, false)}>
                  {t('people.proposals.reject')}
                </Button>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
