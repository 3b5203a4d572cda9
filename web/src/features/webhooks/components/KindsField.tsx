// Which events somebody wants: one by one, all, or none.
import { Button, Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Kind } from '../api/webhooks';
import { kindGroups, kinds, kindText } from './kinds';

export function KindsField({ chosen, change }: { chosen: Kind[]; change(chosen: Kind[]): void }) {
  const { t } = useTranslation();
  const pick = (kind: Kind, on: boolean) => change(kinds.filter((one) => (one === kind ? on : chosen.includes(one))));
  return (
    <section className="hook-kinds" aria-labelledby="hook-kinds">
      <div className="hook-line">
        <h3 id="hook-kinds">{t('webhooks.edit.kinds')}</h3>
        <span className="muted num" role="status">
          {t('webhooks.edit.chosen', { n: chosen.length, of: kinds.length })}
        </span>
        <Button size="small" disabled={chosen.length === kinds.length} onClick={() => change(kinds)}>
          {t('webhooks.edit.all')}
        </Button>
        <Button size="small" disabled={chosen.length === 0} onClick={() => change([])}>
          {t('webhooks.edit.none')}
        </Button>
      </div>
      {kindGroups.map(({ key, kinds: members }) => (
        <fieldset key={key}>
          <legend>{t(`webhooks.groups.${key}`)}</legend>
          {members.map((kind) => (
            <Checkbox key={kind} checked={chosen.includes(kind)} onChange={(event) => pick(kind, event.target.checked)}>
              {kindText(kind)} <span className="mono muted">{kind}</span>
            </Checkbox>
          ))}
        </fieldset>
      ))}
    </section>
  );
}
