import { App, Button, Popover, Switch } from 'antd';
import { Bell, BellOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { setAlerts, useAlertSettings } from './alerts';

export function AlertSwitches() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const alerts = useAlertSettings();
  const change = async (what: Parameters<typeof setAlerts>[0]) => {
    if (!(await setAlerts(what))) message.warning(t('desk.notify.refused'));
  };
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <div className="alert-switches">
          <label>
            <span>{t('desk.notify.sound')}</span>
            <Switch size="small" checked={alerts.sound} onChange={(sound) => void change({ sound })} />
          </label>
          <label>
            <span>{t('desk.notify.desktop')}</span>
            <Switch size="small" checked={alerts.desktop} onChange={(desktop) => void change({ desktop })} />
          </label>
        </div>
      }
    >
      <Button type="text" size="small" aria-label={t('desk.notify.title')} icon={alerts.sound || alerts.desktop ? <Bell size={16} aria-hidden /> : <BellOff size={16} aria-hidden />} />
    </Popover>
  );
}
