// Nothing of ours may reach the host: every function that the host or WeChat calls goes through here. What went wrong
// inside is counted and reported as dropped for the reason `internal`.
let tell = () => {};

export function reportInternalErrorsTo(listener) {
  tell = listener;
}

export function internalError(error) {
  try {
    tell(error);
  } catch (ignored) {
    // The listener itself failed; there is nobody left to tell.
  }
}

// `fn` which never throws. `this` and the arguments pass through.
export function guard(fn) {
  return function () {
    try {
      return fn.apply(this, arguments);
    } catch (error) {
      internalError(error);
      return undefined;
    }
  };
}

// A function that lets `observer` see the call, and then is `original` in all respects: same `this`, same arguments,
// same result, same exception. Without an original there is only the observer.
export function observed(original, observer) {
  const watch = guard(observer);
  return function () {
    watch.apply(this, arguments);
    return typeof original === 'function' ? original.apply(this, arguments) : undefined;
  };
}
