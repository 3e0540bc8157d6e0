// The vault of the signing keys. The app makes and rotates them itself, in one secret.

@description('Where the vault lives.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The name of the vault.')
param name string

@description('For how many days a deleted vault or secret can be brought back. It can be set once only.')
@minValue(7)
@maxValue(90)
param softDeleteDays int

@description('Whether it is locked against being deleted, with everything in it.')
param deleteLock bool

@description('The name of the identity that the app runs with.')
param identityName string

@description('The name of the workspace that hears of every use of the vault.')
param workspaceName string

// Key Vault Secrets Officer: reading and setting secrets. The secret can't be named as the scope, since the app makes it.
var secretsOfficer = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
    softDeleteRetentionInDays: softDeleteDays
    publicNetworkAccess: 'Enabled'
  }
}

resource keysRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsOfficer)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsOfficer)
  }
}

// A preview since 2021, and nothing has followed: the last version that is none, of 2016, has no groups of categories.
#disable-next-line use-recent-api-versions
resource audit 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Without its signing keys every token is worthless. Entities and secrets can still be removed.'
  }
}
