import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

export const listKeys = [['J / K', 'move'], ['Enter', 'open'], ['X', 'choose'], ['E', 'resolve'], ['A', 'assign'], ['?', 'this']] as const;
export const issueKeys = [['[ / ]', 'event'], ['E', 'resolve'], ['A', 'assign'], ['?', 'this']] as const;

export function KeyboardMap({ keys, close }: { keys: typeof listKeys | typeof issueKeys; close(): void }) {
  const { t } = useTranslation();
  return (
    <Modal open footer={null} title={t('issues.keys.title')} onCancel={close}>
      <dl className="issue-keys">
        {keys.map(([key, name]) => (
          <div key={name}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{t(`issues.keys.${name}`)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  );
}
