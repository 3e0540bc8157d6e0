import type { Rule } from '../project.ts';
import { alerts, availability, signals } from './alerts.ts';
import { costs } from './costs.ts';
import { azd, guide, host, linter, pipeline } from './delivery.ts';
import { assignedRoles, audited, hardened, pictured, redisAccess, secrets } from './identity.ts';
import { settings, tables } from './settings.ts';
import { chained, findings, known, locks, reasons, refused, rolesFirst, scale, zones } from './templates.ts';

/** Every rule, by the sentence that it keeps. */
export const rules = {
  'the compiler and the linter find nothing': findings,
  'what the linter lets through has a reason': reasons,
  'what-if knows every resource': known,
  'two regions have an address of their own, and zones are redundant as a whole': refused,
  'the identity has its roles, the right ones': assignedRoles,
  'only the identity gets into Redis': redisAccess,
  'the picture for operators shows the roles': pictured,
  'the app starts after the roles': rolesFirst,
  'nothing can be got into with a key or without encryption': hardened,
  'uses of the vault are on record': audited,
  'no secret is read or handed on': secrets,
  'every setting of the app is known to the templates, and the other way round': settings,
  'the tables are those that the app uses': tables,
  'instances are replaced one after the other': scale,
  'children of the site are changed one after the other': chained,
  'redundancy is the same everywhere, or the parameter file says why not': zones,
  'production is locked against deletion': locks,
  'every alert is there, tells somebody and is explained': alerts,
  'every app is watched from outside': availability,
  'alerts listen for events, metrics and timers that there are': signals,
  'the page of costs states what the templates cost': costs,
  'actions are pinned, jobs may what they need, and approval comes after the plan': pipeline,
  'azd deploys the package that publish makes, to one resource': azd,
  'the guide gives the role that setting a secret takes, and takes it back': guide,
  'the findings of the linter are errors': linter,
  'host.json suits the app and is explained': host,
} satisfies Record<string, Rule>;
