import type { Project, Resource } from '../project.ts';
import { ofType } from './resources.ts';

/** What only a developer's machine needs: the storage key of an emulator, an account that everybody knows, the host's own. */
const localOnly = ['Storage__ConnectionString', 'Demo__Email', 'Demo__Password', 'AzureWebJobsStorage', 'FUNCTIONS_WORKER_RUNTIME'];

/** What the host and the identity library read, besides the settings of the product. */
const platform = [
  'AzureWebJobsStorage__blobServiceUri', 'AzureWebJobsStorage__credential', 'AzureWebJobsStorage__clientId', 'AZURE_CLIENT_ID', 'AZURE_TOKEN_CREDENTIALS',
  'APPLICATIONINSIGHTS_CONNECTION_STRING', 'APPLICATIONINSIGHTS_AUTHENTICATION_STRING',
];

/** Every setting of the product (the sample has them all, generated from the options classes) can be set, or the templates set it. */
export async function settings(project: Project): Promise<string[]> {
  const sample = sampleOf(project);
  const members = Object.keys((await project.template()).definitions?.['productSettings']?.properties ?? {});
  return project.inEach(resources => {
    const given = settingsOf(resources);
    const own = Object.keys(given).filter(name => !platform.includes(name));
    return [
      ...Object.keys(sample).filter(name => ![...localOnly, ...members, ...own].includes(name)).map(name => `${name} can't be set`),
      ...[...members, ...own].filter(name => !(name in sample)).map(name => `${name} is no setting of the app`),
      ...platform.filter(name => !(name in given)).map(name => `${name} is missing`),
      ...Object.keys(sample).filter(name => name.endsWith('Schedule') && given[name] !== sample[name]).map(name => `${name} is not as in the sample`),
      // A Key Vault reference is the only form in which these may be written down.
      ...own.filter(name => /Secret$|Password$|Headers$/.test(name) && !given[name]?.startsWith('@Microsoft.KeyVault(')).map(name => `${name} is a secret and no Key Vault reference`),
    ];
  });
}

/** The tables are those that the app uses. */
export function tables(project: Project): Promise<string[]> {
  const list = /Names \{ get; \} =\s*\[([^\]]*)\]/.exec(project.text('src/Serverless.Tables/Storage/TableSet.cs'))?.[1] ?? '';
  const used = [...list.matchAll(/\w+(?=\)|')/g)].map(match => match[0]).sort().join();
  return project.inEach(resources => {
    const made = resources.filter(({ type }) => /(tableServices|databaseAccounts)\/tables$/.test(type)).map(({ name }) => name.split('/').at(-1)).sort().join();
    return made === used && used !== '' ? [] : [`the tables are ${made}, and the app uses ${used}`];
  });
}

export function sampleOf(project: Project): Record<string, string> {
  return (JSON.parse(project.text('local.settings.sample.json')) as { Values: Record<string, string> }).Values;
}

function settingsOf(resources: Resource[]): Record<string, string> {
  return Object.assign({}, ...ofType(resources, 'Microsoft.Web/sites/config').map(({ properties }) => properties)) as Record<string, string>;
}
