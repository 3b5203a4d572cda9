// Images and sounds that do not load. There is no global hook: a node says it by `binderror`, a player by onError.
import { replace } from './core/host.js';
import { guard } from './core/guard.js';
import { cut } from './core/text.js';
import { urlPattern, withoutQueries } from './url_pattern.js';

export function createResources({ errors }) {
  function failed(type, src, message, errno) {
    const url = urlPattern(src);
    errors.add(`resource:${type}`, cut(withoutQueries(message || url), 1000), {
      mechanism: 'resource',
      props: { type, url, errno },
    });
  }

  function watchAudio(player) {
    if (player && typeof player.onError === 'function') {
      player.onError(guard((error) => failed('audio', player.src, error && error.errMsg, error && error.errCode)));
    }
    return player;
  }

  return {
    watchAudio,
    // For `binderror` of image, cover-image, video, audio, live-player … Give the node `data-src`, and `data-type` when
    // it is no image: the event tells neither.
    onEvent(event) {
      const data = (event.currentTarget || event.target).dataset || {};
      const detail = event.detail || {};
      failed(String(data.type || 'image'), data.src, detail.errMsg, detail.errCode);
    },
    watch() {
      const watchResult = guard(watchAudio);
      replace(
        wx,
        'createInnerAudioContext',
        (original) =>
          function () {
            const player = original.apply(this, arguments);
            watchResult(player);
            return player;
          },
      );
    },
  };
}
