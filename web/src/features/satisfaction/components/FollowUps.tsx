// 低分回访: what low scores opened: whose it is, until when, and what came of it.
import { Button, Checkbox, Segmented, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useAccount, usePermissions } from '@/shared/session/session';
import { useAgents } from '@/shared/teams/teams';
import { Chips } from '@/shared/ui/Chips';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useFollowUps, useSettings, type FollowUp } from '../api/satisfaction';
import { followUpsOf, nobody, type FollowUpFilters } from './filters';
import { FollowUpDialog } from './FollowUpDialog';
import { FollowUpRow } from './FollowUpRow';
import { useNames } from './names';

interface Props {
  appid: string;
  filters: FollowUpFilters;
  change(next: Partial<FollowUpFilters>): void;
}

export interface Opened {
  followUp: FollowUp;
  finishing: boolean; // it is to be done
}

export function FollowUps(props: Props) {
  const { t } = useTranslation();
  const { appid, filters } = props;
  const { can } = usePermissions();
  const settings = useSettings(appid);
  const followUps = useFollowUps(appid, followUpsOf(filters));
  const [opened, setOpened] = useState<Opened | null>(null);
  const narrowed = filters.owner !== '' || filters.overdue;
  return (
    <>
      <FollowUpBar {...props} />
      <Panel title={t(`satisfaction.follow_ups.${filters.state}`)}>
        <p className="muted panel-note">{settings.data?.anonymous && !can('desk.supervise', appid) ? t('satisfaction.follow_ups.own_only') : t('satisfaction.follow_ups.hint')}</p>
        <Loaded query={followUps} rows={6}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            const current = opened && items.find((one) => one.id === opened.followUp.id);
            return (
              <>
                {items.length === 0 ? (
                  <Empty title={t(`satisfaction.follow_ups.empty.${narrowed ? 'filtered' : filters.state}`)} text={t('satisfaction.follow_ups.empty_hint')} />
                ) : (
                  <>
                    <ul className="sat-list" aria-label={t(`satisfaction.follow_ups.${filters.state}`)}>
                      {items.map((one) => (
                        <FollowUpRow key={one.id} appid={appid} followUp={one} open={(finishing) => setOpened({ followUp: one, finishing })} />
                      ))}
                    </ul>
                    <div className="sat-foot">
                      <span className="muted num" role="status">
                        {t('satisfaction.shown', { n: items.length })}
                      </span>
                      {followUps.hasNextPage && (
                        <Button loading={followUps.isFetchingNextPage} onClick={() => void followUps.fetchNextPage()}>
                          {t('common.load_more')}
                        </Button>
                      )}
                    </div>
                  </>
                )}
                {opened && <FollowUpDialog appid={appid} followUp={current ?? opened.followUp} gone={!current} finishing={opened.finishing} close={() => setOpened(null)} />}
              </>
            );
          }}
        </Loaded>
      </Panel>
    </>
  );
}

function FollowUpBar({ appid, filters, change }: Props) {
  const { t } = useTranslation();
  const me = useAccount().id;
  const agents = useAgents(appid);
  const names = useNames(appid);
  const others = (agents.data?.items ?? []).filter((one) => one.account_id !== me);
  const owners = [{ value: me, label: t('satisfaction.follow_ups.mine') }, { value: nobody, label: t('satisfaction.follow_ups.nobody') }, ...others.map((one) => ({ value: one.account_id, label: one.display_name }))];
  const ownerText = owners.find((one) => one.value === filters.owner)?.label ?? names.agent(filters.owner);
  const chips = [
    ...(filters.owner ? [{ key: 'owner', text: `${t('satisfaction.follow_ups.owner')}: ${ownerText}`, remove: () => change({ owner: '' }) }] : []),
    ...(filters.overdue ? [{ key: 'overdue', text: t('satisfaction.follow_ups.overdue'), remove: () => change({ overdue: false }) }] : []),
  ];
  return (
    <>
      <div className="filters" role="search" aria-label={t('satisfaction.filters.title')}>
        <Segmented aria-label={t('satisfaction.follow_ups.state')} value={filters.state} options={(['open', 'done'] as const).map((value) => ({ value, label: t(`satisfaction.follow_ups.${value}`) }))} onChange={(state) => change({ state, overdue: false })} />
        <Select aria-label={t('satisfaction.follow_ups.owner')} placeholder={t('satisfaction.follow_ups.owner')} style={{ minWidth: 130 }} allowClear showSearch={owners.length > 8 ? { optionFilterProp: 'label' } : false} value={filters.owner || undefined} options={owners} onChange={(owner?: string) => change({ owner: owner ?? '' })} />
        {filters.state === 'open' && (
          <Checkbox checked={filters.overdue} onChange={(event) => change({ overdue: event.target.checked })}>
            {t('satisfaction.follow_ups.overdue')}
          </Checkbox>
        )}
      </div>
      <Chips label={t('satisfaction.filters.title')} items={chips} clear={() => change({ owner: '', overdue: false })} />
    </>
  );
}
