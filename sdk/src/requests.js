// wx.request, uploadFile and downloadFile: what was asked for, how long each part took, and what came of it.
import { headerOf, replace } from './core/host.js';
import { byteLength } from './core/text.js';
import { listenedTo } from './wrap_api.js';
import { urlPattern, withoutQueries } from './url_pattern.js';

const between = (profile, from, to) => {
  const ms = profile[to] - profile[from];
  return ms >= 0 && profile[from] > 0 ? ms : undefined;
};

function phases(profile) {
  return {
    dns: between(profile, 'domainLookUpStart', 'domainLookUpEnd'),
    connect: between(profile, 'connectStart', 'connectEnd'),
    ssl: between(profile, 'SSLconnectionStart', 'SSLconnectionEnd'),
    ttfb: between(profile, 'requestStart', 'responseStart'),
    download: between(profile, 'responseStart', 'responseEnd'),
  };
}

function sizeOf(data) {
  if (typeof data === 'string') return byteLength(data);
  return data && data.byteLength >= 0 ? data.byteLength : undefined;
}

function bytesReceived(result) {
  const length = Number(headerOf(result, 'content-length'));
  return length >= 0 ? length : sizeOf(result.data);
}

export function createRequests({ settings, record, errors, crumbs, serverUrl }) {
  const patternOf = (url) => (settings.urlPattern && settings.urlPattern(url)) || urlPattern(url);

  function finish(api, method, options, startedAt, result, failed) {
    const url = patternOf(options.url);
    const status = (result && result.statusCode) || 0;
    const message = withoutQueries((result && (result.errMsg || result.message)) || '');
    const aborted = failed && /abort/.test(message);
    const props = { api, method, url, status, failed };
    const profile = (result && result.profile) || {};
    props.bytes_sent = profile.sendBytesCount || sizeOf(options.data);
    props.bytes_received = profile.receivedBytedCount || (failed ? 0 : bytesReceived(result));
    if (result && result.profile) props.phases = phases(profile);
    if (aborted) props.aborted = true;
    record('performance', { name: 'request', value: Date.now() - startedAt, props });

    const outcome = aborted ? 'aborted' : status || message;
    crumbs.add('request', `${method} ${url}`, { outcome });
    if (aborted || !(failed || status >= settings.requestErrorStatus)) return;
    errors.add('request_failed', failed ? message : `${method} ${url} ${status}`, {
      mechanism: 'request',
      props: { api, method, url, status, errno: result && result.errno, errMsg: message },
    });
  }

  function watch(api, methodOf) {
    replace(wx, api, (original) =>
      listenedTo(original, (options) => {
        if (!options || String(options.url).indexOf(serverUrl) === 0) return null;
        const startedAt = Date.now();
        const done = (failed) => (result) => finish(api, methodOf(options), options, startedAt, result, failed);
        return { success: done(false), fail: done(true) };
      }),
    );
  }

  return {
    watch() {
      watch('request', (options) => String(options.method || 'GET').toUpperCase());
      watch('uploadFile', () => 'POST');
      watch('downloadFile', () => 'GET');
    },
  };
}
