// The other place for the tables: Azure Cosmos DB for Table. It has roles of its own, since those of Azure don't reach into its
// data, and they can be assigned with the identity alone, so no key is used here either. Not one suite of this project has run
// against it: docs/operations.md says what that means.

@description('Where the account lives.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The name of the account.')
param name string

@description('Whether the account is spread over zones.')
param zoneRedundant bool

@description('The names of the tables, with their prefix.')
param tableNames string[]

@description('Whether it is locked against being deleted, with everything in it.')
param deleteLock bool

@description('The name of the identity that the app runs with.')
param identityName string

// Cosmos DB Built-in Data Contributor, which every account for tables brings with it.
var builtInDataContributor = '00000000-0000-0000-0000-000000000002'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource account 'Microsoft.DocumentDB/databaseAccounts@2026-03-15' = {
  name: name
  location: location
  tags: tags
  kind: 'GlobalDocumentDB'
  properties: {
    databaseAccountOfferType: 'Standard'
    capabilities: [
      {
        name: 'EnableTable'
      }
      {
        name: 'EnableServerless'
      }
    ]
    // The app decides on what it has just read, so a read must see the last write.
    consistencyPolicy: {
      defaultConsistencyLevel: 'Strong'
    }
    locations: [
      {
        locationName: location
        failoverPriority: 0
        isZoneRedundant: zoneRedundant
      }
    ]
    disableLocalAuth: true
    minimalTlsVersion: 'Tls12'
    publicNetworkAccess: 'Enabled'
  }
}

resource tables 'Microsoft.DocumentDB/databaseAccounts/tables@2026-03-15' = [for tableName in tableNames: {
  parent: account
  name: tableName
  properties: {
    resource: {
      id: tableName
    }
  }
}]

resource storeRole 'Microsoft.DocumentDB/databaseAccounts/tableRoleAssignments@2026-03-15' = {
  parent: account
  name: guid(account.id, identity.id, builtInDataContributor)
  dependsOn: [
    tables
  ]
  properties: {
    principalId: identity.properties.principalId
    roleDefinitionId: '${account.id}/tableRoleDefinitions/${builtInDataContributor}'
    scope: account.id
  }
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = if (deleteLock) {
  name: 'keep'
  scope: account
  properties: {
    level: 'CanNotDelete'
    notes: 'Every session and account is here. Entities and secrets can still be removed.'
  }
}
