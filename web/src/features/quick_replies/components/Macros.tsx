// Macros: the own ones and the shared ones, with what they do.
import { Button } from 'antd';
import { Plus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useMacros, type Macro } from '@/shared/quick_replies/quickReplies';
import { useStepText } from '@/shared/quick_replies/steps';
import { Empty, Loaded, Panel, useNotify } from '@/shared/ui/page';
import { useRemoveMacro } from '../api/quickReplies';
import { MacroSheet } from './MacroSheet';
import type { Props } from './Replies';

export function Macros({ appid, mayReply, mayConfigure }: Props) {
  const { t } = useTranslation();
  const macros = useMacros(appid);
  const stepText = useStepText(appid);
  const [search, setSearch] = useSearchParams();
  const open = (macro: string) => setSearch({ macro });
  const mayChange = ({ scope }: Macro) => mayReply && (scope === 'personal' || mayConfigure);
  const opened = search.get('macro');
  const add = mayReply && (
    <Button type="primary" icon={<Plus size={15} aria-hidden />} onClick={() => open('new')}>
      {t('quick_replies.macros.add')}
    </Button>
  );
  return (
    <Panel title={t('quick_replies.sections.macros')} extra={add}>
      <p className="muted panel-note">{t('quick_replies.macros.hint')}</p>
      <Loaded query={macros} rows={5}>
        {(items) => (
          <>
            {items.length === 0 ? (
              <Empty title={t('quick_replies.macros.empty')} text={t('quick_replies.macros.empty_hint')} />
            ) : (
              <ul className="qr-rows">
                {items.map((one) => (
                  <li key={one.id} className="qr-row">
                    <div className="qr-text">
                      <div className="qr-line">
                        <strong>{one.name}</strong>
                        <span className="qr-tag">{t(`quick_replies.scopes.${one.scope}`)}</span>
                      </div>
                      <ol className="qr-steps">
                        {one.actions.map((step, index) => (
                          <li key={index}>{stepText(step)}</li>
                        ))}
                      </ol>
                    </div>
                    {mayChange(one) && (
                      <span className="qr-actions">
                        <Button type="text" size="small" aria-label={`${t('common.edit')} ${one.name}`} onClick={() => open(one.id)}>
                          {t('common.edit')}
                        </Button>
                        <Remove appid={appid} macro={one} />
                      </span>
                    )}
                  </li>
                ))}
              </ul>
            )}
            <MacroSheet appid={appid} macro={opened === 'new' && mayReply ? 'new' : items.find((one) => one.id === opened && mayChange(one))} mayConfigure={mayConfigure} close={() => setSearch({})} />
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Remove({ appid, macro: { id, name } }: { appid: string; macro: Macro }) {
  const { t } = useTranslation();
  const remove = useRemoveMacro(appid);
  const { done, failed, confirm } = useNotify();
  const ask = () => confirm(t('quick_replies.macros.remove_title', { name }), t('quick_replies.macros.remove_hint'), () => remove.mutateAsync(id).then(() => done(), failed), t('common.delete'));
  return (
    <Button type="text" size="small" danger aria-label={`${t('common.delete')} ${name}`} onClick={ask}>
      {t('common.delete')}
    </Button>
  );
}
