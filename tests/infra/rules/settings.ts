import { type Template, body, literal, properties, template } from '../bicep.ts';
import { type Broken, type Sources, paths, text } from '../sources.ts';
import { broken } from './language.ts';

const app = 'infra/modules/functionapp.bicep';

/** What only a developer's machine needs: the storage key of an emulator, an account that everybody knows, the host's own. */
const localOnly = ['Storage__ConnectionString', 'Demo__Email', 'Demo__Password', 'AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME'];

/** What the host and the identity library read, besides the settings of the product. */
const platformOnly = [
  'AzureWebJobsStorage__blobServiceUri', 'AzureWebJobsStorage__credential', 'AzureWebJobsStorage__clientId', 'AZURE_CLIENT_ID', 'AZURE_TOKEN_CREDENTIALS',
  'APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
];

/** A Key Vault reference is the only form in which these may be written down. */
const secret = /Secret$|Password$|Headers$/;

/**
 * Every setting of the product (the sample has them all, generated from the options classes) stands in one place of
 * the templates, and nothing else does.
 */
export function settings(sources: Sources): Broken[] {
  const sample = sampleOf(sources);
  const { schedules, deployed, platform } = assigned(sources);
  const places = [localOnly, members(sources), [...deployed.keys()]];
  const known = places.flat();
  return [
    ...broken('infra/settings.bicep', [
      ...Object.keys(sample).filter(name => !known.includes(name)).map(name => `${name} is missing`),
      ...known.filter(name => !(name in sample)).map(name => `${name} is no setting of the app`),
      ...known.filter((name, i) => known.indexOf(name) !== i).map(name => `${name} is there twice`),
    ]),
    ...broken(app, [
      ...Object.keys(sample).filter(name => name.endsWith('Schedule') && schedules.get(name) !== sample[name]).map(name => `${name} is not as in the sample`),
      ...[...schedules.keys()].filter(name => !(name in sample)).map(name => `${name} is no schedule`),
      ...[...platform.keys()].filter(name => !platformOnly.includes(name)).map(name => `${name} is none that the platform reads`),
      ...platformOnly.filter(name => !platform.has(name)).map(name => `${name} is missing`),
    ]),
  ];
}

/** Parameter files set what there is to set, and no secret. */
export function givenSettings(sources: Sources): Broken[] {
  const known = members(sources);
  return paths(sources, '.bicepparam').flatMap(file => {
    const given = template(file, text(sources, file)).parameters.filter(({ name }) => name === 'settings');
    return broken(file, given.flatMap(settings => [...properties(body(settings))]).flatMap(([name, value]) => [
      ...(known.includes(name) ? [] : [`${name} is no setting`]),
      ...(secret.test(name) && !literal(value)?.startsWith('@Microsoft.KeyVault(') ? [`${name} is a secret and no Key Vault reference`] : []),
    ]));
  });
}

/** The tables are those that the app uses. */
export function tables(sources: Sources): Broken[] {
  const names = (file: string, list: RegExp) => [...(list.exec(text(sources, file))?.[1] ?? '').matchAll(/\w+(?=\)|')/g)].map(match => match[0]);
  const made = names('infra/main.bicep', /var tableNames = map\(\[([^\]]*)\]/);
  const used = names('src/Serverless.Tables/Storage/TableSet.cs', /Names \{ get; \} =\s*\[([^\]]*)\]/);
  return used.length > 0 && made.join() === used.join() ? [] : [{ file: 'infra/main.bicep', what: `the tables are ${made.join()}, and the app uses ${used.join()}` }];
}

export function sampleOf(sources: Sources): Record<string, string> {
  return (JSON.parse(text(sources, 'local.settings.sample.json')) as { Values: Record<string, string> }).Values;
}

function members(sources: Sources): string[] {
  const { types } = template('infra/settings.bicep', text(sources, 'infra/settings.bicep'));
  return types.flatMap(type => [...properties(body(type)).keys()]);
}

function assigned(sources: Sources): Record<'schedules' | 'deployed' | 'platform', Map<string, string | undefined>> {
  const { variables }: Template = template(app, text(sources, app));
  const values = (variable: string) => {
    const found = variables.find(({ name }) => name === variable);
    if (found === undefined) throw new Error(`${app} has no variable ${variable}.`);
    return new Map([...properties(body(found))].map(([name, value]) => [name, literal(value)]));
  };
  return { schedules: values('schedules'), deployed: values('deployed'), platform: values('platform') };
}
