// Agents 客服: who can what, where they work, and who is there; narrowed by the address, opened beside the list.
import { Button, Input, Select, Table } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { PresenceName } from '@/shared/teams/PresenceName';
import { defaultGroup, groupName, useGroups } from '@/shared/teams/teams';
import { Chips } from '@/shared/ui/Chips';
import { Empty, Loaded, Panel, Wide } from '@/shared/ui/page';
import { Ago } from '@/shared/ui/time';
import { useSkills, useTeamAgents, type Agent } from '../api/teams';
import { filtersOf, narrowed, presences, queryOf, searchOf, type Filters } from './agentFilters';
import { AgentSheet } from './AgentSheet';
import { agentName, useNames } from './names';

export function Agents({ appid, mayConfigure }: { appid: string; mayConfigure: boolean }) {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf(search);
  const agents = useTeamAgents(appid, queryOf(filters));
  const change = (next: Filters) => setSearch(searchOf(next));
  const open = (agent: string | null) => {
    const next = searchOf(filters);
    if (agent) next.set('agent', agent);
    setSearch(next);
  };
  return (
    <>
      <AgentFilters key={filters.q} appid={appid} filters={filters} change={change} />
      <FilterChips appid={appid} filters={filters} change={change} />
      <Panel title={t('teams.agents.title')}>
        <p className="muted panel-note">{t('teams.agents.hint')}</p>
        <Loaded query={agents} rows={8}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return narrowed(filters) ? <Empty title={t('teams.agents.not_found')} text={t('teams.agents.not_found_hint')} /> : <Empty title={t('teams.agents.none')} text={t('teams.agents.none_hint')} />;
            return (
              <>
                <AgentTable appid={appid} items={items} open={open} />
                <div className="team-foot">
                  <span className="muted num" role="status">
                    {t('teams.agents.shown', { n: items.length })}
                  </span>
                  {agents.hasNextPage && (
                    <Button loading={agents.isFetchingNextPage} onClick={() => void agents.fetchNextPage()}>
                      {t('common.load_more')}
                    </Button>
                  )}
                </div>
              </>
            );
          }}
        </Loaded>
      </Panel>
      <AgentSheet appid={appid} id={search.get('agent')} mayConfigure={mayConfigure} close={() => open(null)} />
    </>
  );
}

interface FilterProps {
  appid: string;
  filters: Filters;
  change(next: Filters): void;
}

function AgentFilters({ appid, filters, change }: FilterProps) {
  const { t } = useTranslation();
  const groups = useGroups(appid);
  const skills = useSkills(appid);
  const [q, setQ] = useState(filters.q);
  const set = <K extends keyof Filters>(name: K, value: Filters[K] | undefined) => change({ ...filters, [name]: value ?? '' });
  const select = (name: 'group' | 'skill' | 'presence', options: { value: string; label: string }[]) => (
    <Select aria-label={t(`teams.agents.${name}`)} placeholder={t(`teams.agents.${name}`)} style={{ minWidth: 130 }} allowClear showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false} value={filters[name] || undefined} options={options} onChange={(value?: string) => set(name, value as Filters['presence'])} />
  );
  return (
    <div className="filters" role="search" aria-label={t('teams.agents.filters')}>
      <Input.Search aria-label={t('teams.agents.search')} placeholder={t('teams.agents.search')} style={{ width: 240, maxWidth: '100%' }} allowClear maxLength={64} value={q} onChange={(event) => setQ(event.target.value)} onSearch={(text) => set('q', text.trim())} />
      {select('group', (groups.data ?? []).map((one) => ({ value: one.id, label: groupName(one) })))}
      {select('skill', (skills.data ?? []).map((one) => ({ value: one.id, label: one.name })))}
      {select('presence', presences.map((value) => ({ value, label: t(`desk.presence.${value}`) })))}
      <Select
        mode="tags"
        maxCount={1}
        aria-label={t('teams.agents.language')}
        placeholder={t('teams.agents.language')}
        style={{ minWidth: 120 }}
        allowClear
        value={filters.language ? [filters.language] : []}
        options={['zh', 'en'].map((value) => ({ value, label: value }))}
        onChange={(value: string[]) => set('language', value.at(-1)?.trim().slice(0, 16))}
      />
    </div>
  );
}

function FilterChips({ appid, filters, change }: FilterProps) {
  const { t } = useTranslation();
  const names = useNames(appid);
  const texts: Record<keyof Filters, string> = {
    q: filters.q,
    group: filters.group && names.group(filters.group),
    skill: filters.skill && names.skill(filters.skill),
    presence: filters.presence && t(`desk.presence.${filters.presence}`),
    language: filters.language,
  };
  const words = { q: t('teams.agents.name'), group: t('teams.agents.group'), skill: t('teams.agents.skill'), presence: t('teams.agents.presence'), language: t('teams.agents.language') };
  const chosen = (Object.keys(words) as (keyof Filters)[]).filter((name) => filters[name]);
  return <Chips label={t('teams.agents.filters')} items={chosen.map((key) => ({ key, text: `${words[key]}: ${texts[key]}`, remove: () => change({ ...filters, [key]: '' }) }))} clear={() => change(filtersOf(new URLSearchParams()))} />;
}

function AgentTable({ appid, items, open }: { appid: string; items: Agent[]; open(id: string): void }) {
  const { t } = useTranslation();
  const names = useNames(appid);
  return (
    <Wide label={t('teams.agents.title')}>
      <Table
        rowKey="account_id"
        size="small"
        pagination={false}
        className="team-agents"
        dataSource={items}
        columns={[
          {
            title: t('teams.agents.name'),
            render: (_, one) => (
              <span className="team-name">
                <Button type="link" size="small" onClick={() => open(one.account_id)}>
                  {agentName(one)}
                </Button>
                <span className="muted">{one.username}</span>
              </span>
            ),
          },
          {
            title: t('teams.agents.presence'),
            render: (_, one) => (
              <span className="team-line">
                <PresenceName state={one.presence} reason={one.reason} />
                {one.since !== null && (
                  <span className="muted">
                    <Ago at={one.since} />
                  </span>
                )}
              </span>
            ),
          },
          { title: t('teams.agents.groups'), render: (_, one) => <Tags items={one.groups.length > 0 ? one.groups.map((each) => names.group(each.group_id)) : [names.group(defaultGroup)]} /> },
          { title: t('teams.agents.skills'), render: (_, one) => <Tags items={one.skills.map((each) => t('teams.agents.level', { skill: names.skill(each.skill_id), level: each.level }))} /> },
          { title: t('teams.agents.languages'), render: (_, one) => <Tags items={one.languages} /> },
          { title: t('teams.agents.limit'), align: 'right', render: (_, one) => (one.load_max === 0 ? <span className="muted">{t('teams.agents.limit_default')}</span> : <span className="num">{one.load_max}</span>) },
        ]}
      />
    </Wide>
  );
}

const Tags = ({ items }: { items: string[] }) =>
  items.length === 0 ? (
    <span className="muted">—</span>
  ) : (
    <span className="team-tags">
      {items.map((one) => (
        <span key={one} className="team-tag">
          {one}
        </span>
      ))}
    </span>
  );
