// What the customer said of the service, the latest first. A score is nobody's to change.
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ApiProblem } from '@/shared/api/client';
import { Comment } from '@/shared/ratings/Comment';
import { Loaded, Panel } from '@/shared/ui/page';
import { Exact } from '@/shared/ui/time';
import { useRatings, type Profile } from '../api/people';

export function Ratings({ appid, profile }: { appid: string; profile: Profile }) {
  const { t } = useTranslation();
  const ratings = useRatings(appid, profile.id);
  const hidden = ratings.error instanceof ApiProblem && ratings.error.code === 'satisfaction.scores_hidden';
  return (
    <Panel title={t('people.ratings.title')}>
      {hidden ? (
        <p className="muted">{t('people.ratings.hidden')}</p>
      ) : (
        <Loaded query={ratings} rows={2}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <p className="muted">{t('people.ratings.none')}</p>;
            return (
              <>
                <ul className="people-rows">
                  {items.map((one) => (
                    <li key={one.id}>
                      <span className="people-row-text">
                        <span>
                          <strong className={one.score <= 2 ? 'people-low' : undefined}>{t('people.ratings.score', { n: one.score })}</strong>{' '}
                          <span className="muted">
                            <Exact at={one.answered_at} />
                          </span>
                        </span>
                        {one.comment && <Comment appid={appid} result={one} className="people-comment" />}
                      </span>
                      {one.conversation_id && (
                        <Link to={`/m/${appid}/desk/workbench/${one.conversation_id}?view=closed`} aria-label={t('people.ratings.open', { n: one.score })}>
                          {t('people.ratings.conversation')}
                        </Link>
                      )}
                    </li>
                  ))}
                </ul>
                {ratings.hasNextPage && (
                  <Button size="small" loading={ratings.isFetchingNextPage} onClick={() => void ratings.fetchNextPage()}>
                    {t('people.ratings.more')}
                  </Button>
                )}
              </>
            );
          }}
        </Loaded>
      )}
    </Panel>
  );
}
