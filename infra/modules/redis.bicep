// What instances share, where the environment has several: Azure Managed Redis. Only the app's identity gets in, and nothing in it has to
// survive: docs/redis.md says what it is for.

@description('Where it lives.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The name of the cluster, which is also its address.')
param name string

@description('Its size, such as Balanced_B0.')
param sku string

@description('The name of the identity that the app runs with.')
param identityName string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource cluster 'Microsoft.Cache/redisEnterprise@2025-07-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: sku
  }
  properties: {
    minimumTlsVersion: '1.2'
    // A second node costs as much again, and without the first one everything is as without Redis.
    highAvailability: 'Disabled'
    publicNetworkAccess: 'Enabled'
  }
}

resource database 'Microsoft.Cache/redisEnterprise/databases@2025-07-01' = {
  parent: cluster
  name: 'default'
  properties: {
    clientProtocol: 'Encrypted'
    port: 10000
    clusteringPolicy: 'NoCluster'
    // What lives shortest goes first: sessions, long before the marks of their ends.
    evictionPolicy: 'VolatileTTL'
    accessKeysAuthentication: 'Disabled'
  }
}

resource access 'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments@2025-07-01' = {
  parent: database
  name: 'app'
  properties: {
    accessPolicyName: 'default'
    user: {
      objectId: identity.properties.principalId
    }
  }
}
