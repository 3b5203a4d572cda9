// One agent beside the list: what is set, and where they were when.
import { Drawer, Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Loaded } from '@/shared/ui/page';
import { useAgent } from '../api/teams';
import { AgentForm } from './AgentForm';
import { agentName } from './names';
import { PresenceHistory } from './PresenceHistory';

interface Props {
  appid: string;
  id: string | null; // none: closed
  mayConfigure: boolean;
  close(): void;
}

export function AgentSheet({ id, close, ...rest }: Props) {
  return (
    <Drawer open={id !== null} onClose={close} size={720} title={id !== null && <Title appid={rest.appid} id={id} />}>
      {id !== null && <Sheet key={id} id={id} {...rest} />}
    </Drawer>
  );
}

function Title({ appid, id }: { appid: string; id: string }) {
  const { t } = useTranslation();
  const agent = useAgent(appid, id);
  return agent.data ? agentName(agent.data) : t('teams.agents.title');
}

function Sheet({ appid, id, mayConfigure }: Omit<Props, 'id' | 'close'> & { id: string }) {
  const { t } = useTranslation();
  const agent = useAgent(appid, id);
  const [part, setPart] = useState<'settings' | 'history'>('settings');
  return (
    <>
      <Segmented className="team-parts" aria-label={t('teams.agent.parts')} value={part} options={(['settings', 'history'] as const).map((value) => ({ value, label: t(`teams.agent.${value}`) }))} onChange={setPart} />
      {part === 'history' && <PresenceHistory appid={appid} id={id} />}
      {/* Kept while one looks at the history: nothing that was written is lost. */}
      <div hidden={part !== 'settings'}>
        <Loaded query={agent} rows={8}>
          {(data) => <AgentForm appid={appid} agent={data} mayConfigure={mayConfigure} />}
        </Loaded>
      </div>
    </>
  );
}
