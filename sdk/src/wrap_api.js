// Listening to an asynchronous wx call without changing it, in both of its forms.
import { guard } from './core/guard.js';

const callbacks = ['success', 'fail', 'complete'];

// begin(options, args) is told of a call and gives {success, fail, task}, each may be missing: they hear its outcome
// before the host does; `task` gets what the call returned. Null: this call is not listened to.
export function listenedTo(original, begin) {
  const start = guard(begin);
  let promises = true; // until a call without callbacks returned none

  return function (given) {
    const watch = start(given, arguments);
    if (!watch) return original.apply(this, arguments);
    const hear = (name) => guard(watch[name] || (() => {}));
    const hasCallbacks =
      given && typeof given === 'object' && callbacks.some((name) => typeof given[name] === 'function');

    if (!hasCallbacks && promises) {
      const result = original.apply(this, arguments);
      if (result && typeof result.then === 'function') return followed(result, hear('success'), hear('fail'));
      // requests have no promise form: from the next call on we may give them callbacks.
      promises = false;
      return result;
    }

    const options = Object.assign({}, given);
    for (const name of ['success', 'fail']) {
      const listener = hear(name);
      const theirs = options[name];
      options[name] = function () {
        listener.apply(null, arguments);
        return typeof theirs === 'function' ? theirs.apply(this, arguments) : undefined;
      };
    }
    const rest = Array.prototype.slice.call(arguments, 1);
    const result = original.apply(this, [options].concat(rest));
    hear('task')(result);
    return result;
  };
}

// The host gets a promise that settles as the original does. It is a later link of the chain, so that a rejection which
// nobody handles is still an unhandled one: a handler of ours on the original would hide it.
function followed(promise, success, fail) {
  const next = promise.then(
    (value) => {
      success(value);
      return value;
    },
    (reason) => {
      fail(reason);
      throw reason;
    },
  );
  // Some calls hang a task's methods on their promise.
  return Object.assign(next, promise);
}
