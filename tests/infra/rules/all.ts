import type { Rule } from '../sources.ts';
import { alerts, signals } from './alerts.ts';
import { azd, guide, host, linter, pipeline } from './delivery.ts';
import { assignedRoles, hardened, secrets } from './identity.ts';
import { described, modules, parameterFiles, parses, symbols, twoRegions, versions } from './language.ts';
import { givenSettings, settings, tables } from './settings.ts';

/** Every rule, by the sentence that it keeps. */
export const rules = {
  'every file is Bicep': parses,
  'every parameter, output and member of a type is described': described,
  'every API version comes from the list': versions,
  'every symbol that is used exists, and the other way round': symbols,
  'every module is there and gets what it asks for': modules,
  'every parameter file fits main.bicep': parameterFiles,
  'two regions have an address of their own': twoRegions,
  'the identity has its roles, the right ones, and has them before the app starts': assignedRoles,
  'nothing can be got into with a key or without encryption': hardened,
  'no secret is read or put out': secrets,
  'every setting of the app is known to the templates, and the other way round': settings,
  'parameter files set what there is to set, and no secret': givenSettings,
  'the tables are those that the app uses': tables,
  'every alert is there, tells somebody and is explained': alerts,
  'alerts listen for events, metrics and timers that there are': signals,
  'actions are pinned, and jobs may what they need': pipeline,
  'azd deploys the package that publish makes': azd,
  'the guide gives the role that setting a secret takes, and takes it back': guide,
  'the findings of the linter are errors': linter,
  'host.json suits the app and is explained': host,
} satisfies Record<string, Rule>;
