// What counts as an answer besides 1–5.
import { Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Panel } from '@/shared/ui/page';
import { wordChars, wordProblems, wordsMax, wordsOf, withWords, type WordProblem } from './offer';
import { scores } from './filters';
import type { PartProps } from './Settings';

export function Answers({ draft, change }: PartProps) {
  const { t } = useTranslation();
  const { words } = draft;
  return (
    <Panel title={t('satisfaction.answers.title')}>
      <p className="muted panel-note">{t('satisfaction.answers.hint')}</p>
      <div className="sat-fields">
        {scores.map((score) => {
          const wrong = wordProblems(words, score);
          const id = `words-${score}`;
          return (
            <Form.Item key={score} label={t(`satisfaction.score_words.${score}`)} htmlFor={id} validateStatus={wrong.length > 0 ? 'error' : undefined} help={wrong.length > 0 ? wrong.map(({ word, problem }) => <Wrong key={word} word={word} problem={problem} />) : undefined}>
              <Select id={id} mode="tags" open={false} suffixIcon={null} placeholder={t('satisfaction.answers.none')} value={wordsOf(words, score)} onChange={(written: string[]) => change({ words: withWords(words, score, written) })} />
            </Form.Item>
          );
        })}
      </div>
      {words.length > wordsMax && (
        <p className="sat-wrong" role="alert">
          {t('satisfaction.answers.max', { n: wordsMax })}
        </p>
      )}
    </Panel>
  );
}

function Wrong({ word, problem }: { word: string; problem: WordProblem }) {
  const { t } = useTranslation();
  if (problem === 'empty') return <div>{t('satisfaction.answers.empty', { word })}</div>;
  if (problem === 'long') return <div>{t('satisfaction.answers.long', { word, n: wordChars })}</div>;
  return <div>{t('satisfaction.answers.counts', { word, n: problem.counts })}</div>;
}
