import type { Project, Template } from '../project.ts';
import { at, ofType } from './resources.ts';

/** The compiler and its linter find nothing, whatever level a finding has. */
export function findings(project: Project): Promise<string[]> {
  return project.findings();
}

/** What is let through has a reason on the line before. */
export function reasons(project: Project): string[] {
  return project.paths('.bicep').flatMap(file => {
    const lines = project.text(file).split('\n');
    return lines.flatMap((line, i) => (line.includes('#disable-next-line') && !lines[i - 1]?.includes('// ') ? [`${file} lets through without a reason: ${line.trim()}`] : []));
  });
}

/** What-if evaluates as a snapshot does: a resource whose id or name needs something that isn't there yet is left out. */
export function known(project: Project): Promise<string[]> {
  return project.inEach(resources => resources.filter(({ id, name }) => /^\[|\[format/.test(id) || name.startsWith('[')).map(({ type }) => `what-if can't know a ${type}`));
}

/** Two regions have one address between them, and zones are redundant as a whole: otherwise a deployment fails before it makes anything. */
export async function refused(project: Project): Promise<string[]> {
  const accepted = await Promise.all(['noAddress', 'oneZone'].map(variant => project.resources(variant).then(
    () => [`${variant} is deployed`], (error: Error) => (/publicUrl must be set|dataRedundancy must be one/.test(error.message) ? [] : [error.message]))));
  return accepted.flat();
}

/** Children of a site are changed one after the other. */
export async function chained(project: Project): Promise<string[]> {
  const app = moduleOf(await project.template(), 'app')?.resources ?? {};
  const order = ['appSettings', 'noFtpPassword', 'noScmPassword'];
  return order.slice(1).filter((name, i) => !app[name]?.dependsOn?.includes(order[i] ?? '')).map(name => `${name} doesn't wait for the one before`);
}

/** The app starts when everything that its identity is let into is there, with its role. */
export async function rolesFirst(project: Project): Promise<string[]> {
  const template = await project.template();
  const before = (name: string): string[] => (template.resources[name]?.dependsOn ?? []).flatMap(other => [other, ...before(other)]);
  const given = Object.keys(template.resources).filter(name => Object.values(moduleOf(template, name)?.resources ?? {}).some(({ type }) => /oleAssignments$/.test(type)));
  return given.filter(name => !before('app').includes(name)).map(name => `the app doesn't wait for the roles of ${name}`);
}

/** The plan, the packages and the tables are all in one zone or all in several; a parameter file that mixes them says why. */
export function zones(project: Project): Promise<string[]> {
  return project.inEach((resources, deployment) => {
    const redundant = [
      ...ofType(resources, 'Microsoft.Web/serverfarms').map(plan => at(plan, 'properties.zoneRedundant') === true),
      ...ofType(resources, 'Microsoft.Storage/storageAccounts').map(account => account.sku?.name.includes('ZRS')),
      ...ofType(resources, 'Microsoft.DocumentDB/databaseAccounts').map(account => (at(account, 'properties.locations') as { isZoneRedundant: boolean }[]).every(location => location.isZoneRedundant)),
    ];
    const said = /^\/\/ .*zoneRedundant/m.test(project.text(`infra/${deployment}.bicepparam`));
    return new Set(redundant).size > 1 && !said ? [`${deployment} is zone-redundant in part`] : [];
  });
}

/** Production can't lose its tables or its keys to a wrong deletion. */
export function locks(project: Project): Promise<string[]> {
  return project.inEach((resources, deployment) => {
    const locked = ofType(resources, 'Microsoft.Authorization/locks').filter(lock => at(lock, 'properties.level') === 'CanNotDelete').map(({ id }) => id);
    const kept = resources.filter(({ type, name }) => type === 'Microsoft.KeyVault/vaults' || (type === 'Microsoft.Storage/storageAccounts' && name.startsWith('stdata')));
    return deployment !== 'main.prod' ? [] : kept.filter(({ id }) => !locked.some(lock => lock.startsWith(`${id}/providers/`))).map(({ type }) => `a ${type} can be deleted`);
  });
}

/** Instances are replaced one after the other, and as many are allowed as every region takes. */
export function scale(project: Project): Promise<string[]> {
  return project.inEach(resources => ofType(resources, 'Microsoft.Web/sites').flatMap(site => [
    ...(at(site, 'properties.functionAppConfig.siteUpdateStrategy.type') === 'RollingUpdate' ? [] : ['an update stops all instances at once']),
    ...((at(site, 'properties.functionAppConfig.scaleAndConcurrency.maximumInstanceCount') as number) >= 40 ? [] : ['some regions take no less than 40 instances']),
  ]));
}

function moduleOf(template: Template, name: string): Template | undefined {
  return template.resources[name]?.properties?.template;
}
