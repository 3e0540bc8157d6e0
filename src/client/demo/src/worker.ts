// The worker of the package, and push messages.
import 'serverless-sessions-client/session-sw.js';
import { handlePush } from 'serverless-sessions-client/push';

// From its own address, demo/session-sw.js.
handlePush(self, { url: '../demo' });
