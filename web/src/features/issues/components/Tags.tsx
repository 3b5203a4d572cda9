// What the events have in common, against everybody: a share that is far above everybody's is a trace.
import { useTranslation } from 'react-i18next';
import { percentText } from '@/shared/charts/numbers';
import { Empty, Loaded, Panel } from '@/shared/ui/page';
import { useTags, type Span } from '../api/issues';

export function Tags({ appid, issue, span }: { appid: string; issue: string; span: Span }) {
  const { t } = useTranslation();
  const tags = useTags(appid, issue, span);
  return (
    <Panel title={t('issues.tags.title')}>
      <p className="muted panel-note">{t('issues.tags.hint')}</p>
      <Loaded query={tags} rows={6}>
        {(items) =>
          items.every((one) => one.values.length === 0) ? (
            <Empty title={t('issues.tags.none')} />
          ) : (
            <div className="tags">
              {items
                .filter((one) => one.values.length > 0)
                .map((tag) => (
                  <section key={tag.tag}>
                    <h3>{t(`issues.tags.names.${tag.tag}`)}</h3>
                    <ul>
                      {tag.values.slice(0, 5).map((one) => (
                        <li key={one.value}>
                          <span className="tag-value" title={one.value}>
                            {one.value || t('issues.tags.empty')}
                          </span>
                          <span className="tag-bar" aria-hidden>
                            <span style={{ width: `${Math.min(100, one.share * 100)}%` }} />
                            {one.everybody_share !== null && <i style={{ left: `${Math.min(100, one.everybody_share * 100)}%` }} />}
                          </span>
                          <span className="num">{percentText(one.share)}</span>
                          <span className={one.lift !== null && one.lift >= 2 ? 'num tag-lift' : 'num muted'} title={one.everybody_share === null ? undefined : t('issues.tags.everybody', { x: percentText(one.everybody_share) })}>
                            {one.lift === null ? '' : `×${one.lift < 10 ? one.lift.toFixed(1) : Math.round(one.lift)}`}
                          </span>
                        </li>
                      ))}
                    </ul>
                  </section>
                ))}
            </div>
          )
        }
      </Loaded>
    </Panel>
  );
}
