import { type Declaration, type Template, at, body, children, literal, nodes, properties, resourceType, template, templates } from '../bicep.ts';
import { type Broken, type Sources, text } from '../sources.ts';
import { broken } from './language.ts';

/** What the app's identity may, and nothing else. Ids: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const roles = [
  { role: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', on: 'Microsoft.Storage/storageAccounts' },
  { role: 'Storage Table Data Contributor', id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', on: 'Microsoft.Storage/storageAccounts/tableServices/tables' },
  { role: 'Key Vault Secrets Officer', id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', on: 'Microsoft.KeyVault/vaults' },
  { role: 'Monitoring Metrics Publisher', id: '3913510d-42f4-4e42-8a64-420c390055eb', on: 'Microsoft.Insights/components' },
  { role: 'Cosmos DB Built-in Data Contributor', id: '00000000-0000-0000-0000-000000000002', on: 'Microsoft.DocumentDB/databaseAccounts' },
];

/** What keeps a resource from being got into without the identity. */
const hardening: Record<string, Record<string, string>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': 'false', 'properties.allowBlobPublicAccess': 'false',
    'properties.minimumTlsVersion': "'TLS1_2'", 'properties.supportsHttpsTrafficOnly': 'true',
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { 'properties.publicAccess': "'None'" },
  'Microsoft.DocumentDB/databaseAccounts': { 'properties.disableLocalAuth': 'true', 'properties.minimalTlsVersion': "'Tls12'" },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': 'true', 'properties.enableSoftDelete': 'true', 'properties.enablePurgeProtection': 'true',
  },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': 'true' },
  'Microsoft.Web/sites': { 'identity.type': "'UserAssigned'", 'properties.httpsOnly': 'true', 'properties.siteConfig.minTlsVersion': "'1.2'" },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': 'false' },
};

/** The identity has each role once, on what it is for; and the app comes after all of them. */
export function assignedRoles(sources: Sources): Broken[] {
  const all = templates(sources);
  const assignments = all.flatMap(each => each.resources.filter(isAssignment).map(resource => ({ file: each.file, ...assignment(each, resource) })));
  return [
    ...assignments.flatMap(given => broken(given.file, given.wrong)),
    ...assignments.filter(given => !roles.some(({ id, on }) => id === given.id && on === given.on))
      .map(({ file, id, on }) => ({ file, what: `role ${id} on ${on} is none of those that the app should have` })),
    ...roles.filter(({ id, on }) => assignments.filter(given => given.id === id && given.on === on).length !== 1)
      .map(({ role, on }) => ({ file: 'infra', what: `the role ${role} is not assigned once on ${on}` })),
    ...afterRoles(sources, all.filter(each => each.resources.some(isAssignment)).map(each => each.file)),
  ];
}

/** No resource can be got into with a key, without encryption or by anybody. */
export function hardened(sources: Sources): Broken[] {
  return templates(sources).flatMap(({ file, resources }) => resources.flatMap(resource => {
    const wanted = hardening[resourceType(resource).type] ?? {};
    if (/\bexisting\b/.test(resource.node.text.split('=', 1)[0] ?? '')) return [];
    return broken(file, Object.entries(wanted)
      .filter(([path, value]) => at(body(resource), path)?.text !== value)
      .map(([path, value]) => `${resource.name}.${path} is not ${value}`));
  }));
}

/** Nothing that lets anybody in is read, put out or handed on. */
export function secrets(sources: Sources): Broken[] {
  return templates(sources).flatMap(({ file, root, outputs }) => broken(file, [
    ...nodes(root, 'call_expression').map(call => call.firstNamedChild?.text ?? '').filter(name => /^(list\w*|getSecret)$|\.list\w+$/i.test(name))
      .map(name => `${name}() reads a secret`),
    ...nodes(root, 'string').filter(string => /AccountKey=|SharedAccessSignature|DefaultEndpointsProtocol/i.test(string.text)).map(() => 'a connection string with a key'),
    ...outputs.filter(({ node }) => /ConnectionString|InstrumentationKey|password|secret|\bkeys?\b|\bsas\b/i.test(node.text))
      .map(({ name }) => `the output ${name} may hold a secret`),
  ]));
}

function isAssignment(resource: Declaration): boolean {
  return /\/(r|tableR)oleAssignments$/.test(resourceType(resource).type);
}

function assignment(within: Template, resource: Declaration): { id: string; on: string; wrong: string[] } {
  const object = body(resource);
  const cosmos = resourceType(resource).type.startsWith('Microsoft.DocumentDB');
  const definition = at(object, 'properties.roleDefinitionId');
  const variable = within.variables.find(({ name }) => definition !== undefined && new RegExp(`\\b${name}\\b`).test(definition.text));
  const scope = properties(object).get(cosmos ? 'parent' : 'scope');
  const target = within.resources.find(({ name }) => name === (scope?.type === 'subscript_expression' ? scope.firstNamedChild : scope)?.text);
  const name = properties(object).get('name')?.text ?? '';
  return {
    id: literal(variable && children(variable.node)[1]) ?? '?',
    on: target === undefined ? '?' : resourceType(target).type,
    wrong: [
      ...(cosmos || at(object, 'properties.principalType')?.text === "'ServicePrincipal'" ? [] : [`${resource.name} says no principalType`]),
      ...(at(object, 'properties.principalId')?.text === 'principalId' ? [] : [`${resource.name} is not for the identity`]),
      ...(name.startsWith('guid(') && name.includes('principalId') && name.includes(variable?.name ?? '?') ? [] : [`${resource.name} is not named by its scope, its identity and its role`]),
    ],
  };
}

// A module is done when all that is in it is, and who takes an output of it waits for that.
function afterRoles(sources: Sources, files: string[]): Broken[] {
  const main = template('infra/main.bicep', text(sources, 'infra/main.bicep'));
  const given = files.map(file => main.modules.filter(module => `infra/${module.label}` === file).map(({ name }) => name));
  return main.modules.filter(({ label }) => label.endsWith('functionapp.bicep')).flatMap(app => given
    .filter(modules => !modules.some(module => new RegExp(`\\b${module}!?\\.outputs\\.`).test(app.node.text)))
    .map(modules => ({ file: main.file, what: `${app.name} doesn't wait for the roles of ${modules.join(', ')}` })));
}
