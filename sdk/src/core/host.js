// The few ways in which we touch `wx`. A mini program runs on many versions of the base library: whatever is not
// there is left alone.
import { guard, internalError } from './guard.js';

export function has(name) {
  return typeof wx[name] === 'function';
}

// The result of a synchronous wx call, or undefined when it is missing or throws.
export function ask(name, argument) {
  try {
    return has(name) ? wx[name](argument) : undefined;
  } catch (error) {
    return undefined;
  }
}

// Registers a listener such as wx.onError.
export function listen(name, listener) {
  if (has(name)) guard(() => wx[name](guard(listener)))();
}

// Puts wrap(original) in place of target[name]. On phones the members of `wx` are accessors without a setter, so
// assignment does nothing; defining the property anew works.
export function replace(target, name, wrap) {
  const original = target[name];
  if (typeof original !== 'function') return;
  try {
    Object.defineProperty(target, name, {
      value: wrap(original),
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } catch (error) {
    internalError(error);
  }
}

// A response's header by its name in lower case; phones differ in how they write it.
export function headerOf(response, name) {
  const header = response.header || {};
  return header[Object.keys(header).find((key) => key.toLowerCase() === name)];
}
