// posthog-node, as a mini program's server uses it. The server's address in the first argument, the key in the second.
import { PostHog } from 'posthog-node';

const posthog = new PostHog(process.argv[3], { host: process.argv[2], flushAt: 3 });
posthog.capture({ distinctId: 'user-1001', event: 'PayOrder', properties: { amount: 19.9 } });
posthog.identify({ distinctId: 'user-1001', properties: { level: 'gold' } });
posthog.alias({ distinctId: 'user-1001', alias: 'oABCDEFGHIJKLMNOPQRSTUVWXYZ0' });
await posthog.shutdown();
