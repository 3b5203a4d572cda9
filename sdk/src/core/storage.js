// The phone's storage, under our own prefix. Reading what is broken gives undefined, writing tells whether it worked.
import { has } from './host.js';

const prefix = '__miniops_';
const names = ['state', 'config', 'session'];

export function load(name) {
  try {
    const text = wx.getStorageSync(prefix + name);
    return text ? JSON.parse(text) : undefined;
  } catch (error) {
    return undefined;
  }
}

export function save(name, text) {
  try {
    wx.setStorageSync(prefix + name, text);
    return true;
  } catch (error) {
    return false;
  }
}

export function forget(name) {
  if (!has('removeStorageSync')) return;
  try {
    wx.removeStorageSync(prefix + name);
  } catch (error) {
    // What cannot be removed stays; it holds nothing that is sent without consent.
  }
}

export function forgetAll() {
  names.forEach(forget);
}
