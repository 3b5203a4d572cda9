// sentry-miniapp 0.11.0 as a mini program uses it. DSN in the first argument.
const host = require('./host.cjs');
const Sentry = require('sentry-miniapp');

Sentry.init({ dsn: process.argv[2], release: '1.4.2', environment: 'release' });
Sentry.setUser({ id: 'oABC-openid' });
host.raise('error', 'MiniProgramError\nx is not defined\nReferenceError: x is not defined\n    at pages/index/index.js:3:1');
host.raise('rejection', { reason: 'timeout', promise: Promise.resolve() });
host.raise('pageNotFound', { path: 'pages/gone', query: {} });
host.raise('memoryWarning', { level: 10 });
Sentry.captureException(new TypeError('null is not a person'));
Sentry.captureMessage('这是一条消息');
