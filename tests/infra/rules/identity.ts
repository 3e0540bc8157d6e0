import type { Project } from '../project.ts';
import { at, ofType } from './resources.ts';

/** What the app's identity may, and nothing else. Ids: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const roles = [
  { role: 'Storage Blob Data Owner', id: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b', on: 'Microsoft.Storage/storageAccounts' },
  { role: 'Storage Table Data Contributor', id: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', on: 'Microsoft.Storage/storageAccounts/tableServices/tables' },
  { role: 'Key Vault Secrets Officer', id: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7', on: 'Microsoft.KeyVault/vaults' },
  { role: 'Monitoring Metrics Publisher', id: '3913510d-42f4-4e42-8a64-420c390055eb', on: 'Microsoft.Insights/components' },
  { role: 'Cosmos DB Built-in Data Contributor', id: '00000000-0000-0000-0000-000000000002', on: 'Microsoft.DocumentDB/databaseAccounts' },
];

/** What keeps a resource from being got into without the identity. */
const hardening: Record<string, Record<string, unknown>> = {
  'Microsoft.Storage/storageAccounts': {
    'properties.allowSharedKeyAccess': false, 'properties.allowBlobPublicAccess': false,
    'properties.minimumTlsVersion': 'TLS1_2', 'properties.supportsHttpsTrafficOnly': true,
  },
  'Microsoft.Storage/storageAccounts/blobServices/containers': { 'properties.publicAccess': 'None' },
  'Microsoft.DocumentDB/databaseAccounts': { 'properties.disableLocalAuth': true, 'properties.minimalTlsVersion': 'Tls12' },
  'Microsoft.Cache/redisEnterprise': { 'properties.minimumTlsVersion': '1.2' },
  'Microsoft.Cache/redisEnterprise/databases': { 'properties.clientProtocol': 'Encrypted', 'properties.accessKeysAuthentication': 'Disabled' },
  'Microsoft.KeyVault/vaults': {
    'properties.enableRbacAuthorization': true, 'properties.enableSoftDelete': true, 'properties.enablePurgeProtection': true,
  },
  'Microsoft.Insights/components': { 'properties.DisableLocalAuth': true },
  'Microsoft.Web/sites': { 'identity.type': 'UserAssigned', 'properties.httpsOnly': true, 'properties.siteConfig.minTlsVersion': '1.2' },
  'Microsoft.Web/sites/basicPublishingCredentialsPolicies': { 'properties.allow': false },
};

/** The identity has each role once on each resource that it is for, and no other. */
export function assignedRoles(project: Project): Promise<string[]> {
  return project.inEach(resources => {
    const identity = ofType(resources, 'Microsoft.ManagedIdentity/userAssignedIdentities')[0]?.id;
    const given = resources.filter(({ type }) => /\/(r|tableR)oleAssignments$/.test(type)).map(assignment => {
      const scope = resources.find(({ id }) => id === (at(assignment, 'properties.scope') ?? assignment.id.replace(/\/providers\/Microsoft.Authorization\/roleAssignments\/[^/]+$/, '')));
      return { assignment, scope: scope?.id, on: scope?.type, id: String(at(assignment, 'properties.roleDefinitionId')).split('/').at(-1) };
    });
    return [
      ...given.filter(({ assignment, id, on }) => !roles.some(role => role.id === id && role.on === on) || !String(at(assignment, 'properties.principalId')).includes(`'${identity}'`))
        .map(({ id, on }) => `role ${id} on ${on} is none of those that the app should have`),
      ...given.filter(({ assignment }) => assignment.type.startsWith('Microsoft.Authorization') && at(assignment, 'properties.principalType') !== 'ServicePrincipal')
        .map(({ on }) => `a role on ${on} says no principalType`),
      ...roles.flatMap(({ role, id, on }) => ofType(resources, on).filter(needed => !(id.startsWith('b7e6') && needed.name.startsWith('stdata')))
        .filter(needed => given.filter(each => each.id === id && each.scope === needed.id).length !== 1).map(() => `the role ${role} is not assigned once on ${on}`)),
    ];
  });
}

/** Redis lets the identity in, and nobody else. */
export function redisAccess(project: Project): Promise<string[]> {
  return project.inEach(resources => {
    const identity = ofType(resources, 'Microsoft.ManagedIdentity/userAssignedIdentities')[0]?.id;
    const given = ofType(resources, 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments');
    return ofType(resources, 'Microsoft.Cache/redisEnterprise/databases')
      .filter(({ id }) => given.length !== 1 || !given[0]?.id.startsWith(`${id}/`) || !String(at(given[0], 'properties.user.objectId')).includes(`'${identity}'`))
      .map(() => "Redis lets in others than the app's identity");
  });
}

/** The picture for operators shows every role. */
export function pictured(project: Project): string[] {
  const picture = /```mermaid\n([^]*?)```/.exec(project.text('docs/operations.md'))?.[1] ?? '';
  return roles.filter(({ role }) => !picture.includes(`"${role}`)).map(({ role }) => `the picture lacks ${role}`);
}

/** No resource can be got into with a key, without encryption or by anybody. */
export function hardened(project: Project): Promise<string[]> {
  return project.inEach(resources => resources.flatMap(resource => Object.entries(hardening[resource.type] ?? {})
    .filter(([path, value]) => at(resource, path) !== value)
    .map(([path, value]) => `${path} of a ${resource.type} is not ${value}`)));
}

/** Whoever reads the signing keys is on record. */
export function audited(project: Project): Promise<string[]> {
  return project.inEach(resources => ofType(resources, 'Microsoft.KeyVault/vaults')
    .filter(vault => !ofType(resources, 'Microsoft.Insights/diagnosticSettings').some(({ id, properties }) => id.startsWith(`${vault.id}/providers/`)
      && JSON.stringify(properties?.['logs']) === '[{"categoryGroup":"audit","enabled":true}]'
      && ofType(resources, 'Microsoft.OperationalInsights/workspaces').some(workspace => workspace.id === properties?.['workspaceId'])))
    .map(() => 'nobody hears of uses of the vault'));
}

/** Nothing that lets anybody in is read or handed on; outputs are the linter's. */
export function secrets(project: Project): Promise<string[]> {
  return project.inEach(resources => resources.flatMap(({ type, properties }) =>
    (/\blist\w*\(|getSecret\(|AccountKey=|SharedAccessSignature|DefaultEndpointsProtocol/i.exec(JSON.stringify(properties ?? {})) ?? []).map(found => `a ${type} has ${found}`)));
}
