// Failures of wx calls other than requests; refusals by the person or a permission apart from faults.
import { replace } from './core/host.js';
import { cut } from './core/text.js';
import { listenedTo } from './wrap_api.js';
import { withoutQueries } from './url_pattern.js';

const watched = (
  'login checkSession getUserProfile authorize openSetting requestPayment requestSubscribeMessage getLocation ' +
  'getFuzzyLocation chooseLocation openLocation chooseAddress scanCode chooseImage chooseMedia chooseMessageFile ' +
  'saveImageToPhotosAlbum saveVideoToPhotosAlbum openDocument getImageInfo previewImage ' +
  'canvasToTempFilePath loadFontFace navigateTo redirectTo switchTab reLaunch navigateToMiniProgram setStorage ' +
  'setClipboardData makePhoneCall getWeRunData connectSocket openBluetoothAdapter createBLEConnection'
).split(' ');

// errno: 3 refused by the system, 103 by the person, 104 by the person for privacy. (112, an API that the privacy
// agreement does not name, is the author's fault.)
const refusedNumbers = [3, 103, 104];
const refusedWords = /deny|denied|unauthori[sz]ed|not authori[sz]ed|no permission/i;

export function outcomeOf(error) {
  const message = String((error && (error.errMsg || error.message)) || error || '');
  if (/\bcancel/i.test(message)) return 'cancelled';
  const errno = error && (error.errno !== undefined ? error.errno : error.errCode);
  return refusedNumbers.includes(error && error.errno) || refusedWords.test(message)
    ? { refused: true, errno, message }
    : { refused: false, errno, message };
}

export function createApiFailures({ settings, record, errors, crumbs }) {
  function failed(name, error) {
    const outcome = outcomeOf(error);
    if (outcome === 'cancelled') {
      crumbs.add('api', `${name} cancelled`);
      record('event', { name: 'api_cancelled', props: { api: name } });
      return;
    }
    const errMsg = cut(withoutQueries(outcome.message), 1000);
    errors.add(`api:${name}`, errMsg, {
      level: outcome.refused ? 'warn' : 'error',
      mechanism: 'api',
      props: { api: name, errno: outcome.errno, errMsg, refused: outcome.refused },
    });
  }

  return {
    watch() {
      for (const name of watched.concat(settings.apis)) {
        replace(wx, name, (original) => listenedTo(original, () => ({ fail: (error) => failed(name, error) })));
      }
    },
  };
}
