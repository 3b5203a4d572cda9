// What the bundle gives to require(): the SDK itself.
import miniops from './index.js';

module.exports = miniops;
