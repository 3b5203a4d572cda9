// Where one starts: an agent at the workbench, everyone else at the overview; an administrator of an empty
// installation where mini programs are added.
import { useTranslation } from 'react-i18next';
import { Navigate, useParams } from 'react-router';
import { useMiniPrograms } from '@/shared/session/miniPrograms';
import { useAccount, usePermissions } from '@/shared/session/session';
import { Empty, Failure, Loading } from '@/shared/ui/page';
import { lastAppId } from './Rail';

export function Home() {
  const { t } = useTranslation();
  const { appid: given } = useParams();
  const account = useAccount();
  const programs = useMiniPrograms();
  const { can, ready } = usePermissions();
  if (programs.error) return <Failure error={programs.error} retry={() => void programs.refetch()} />;
  if (!programs.data || !ready) return <Loading />;
  const program = programs.data.find((one) => one.appid === (given ?? lastAppId())) ?? programs.data[0];
  if (!program) {
    if (account.instance_admin) return <Navigate to="/miniprograms" replace />;
    return <Empty title={t('common.no_miniprogram.title')} text={t('common.no_miniprogram.text')} />;
  }
  const role = account.roles.find((one) => one.appid === program.appid)?.role;
  const page = role === 'agent' && can('desk.read', program.appid) ? 'desk/workbench' : 'overview';
  return <Navigate to={`/m/${program.appid}/${page}`} replace />;
}
