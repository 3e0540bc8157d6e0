// What the Functions host keeps for itself: the deployed package, the leases of the timers, its own keys. No session data.

@description('Where the account lives: in the region of its app.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The name of the storage account.')
param name string

@description('The object id of the identity that the app runs with.')
param principalId string

var packageContainerName = 'app-package'
// Storage Blob Data Owner: the host holds leases on blobs and makes containers of its own.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

resource account 'Microsoft.Storage/storageAccounts@2025-08-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: 'Standard_LRS'
  }
  properties: {
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: 'Enabled'
  }

  resource blobs 'blobServices' = {
    name: 'default'

    resource packages 'containers' = {
      name: packageContainerName
      properties: {
        publicAccess: 'None'
      }
    }
  }
}

resource hostRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, principalId, blobDataOwner)
  scope: account
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
  }
}

@description('The blob endpoint, which the host keeps its own things under.')
output blobEndpoint string = account.properties.primaryEndpoints.blob

@description('The container that packages are deployed to.')
output packageContainer string = '${account.properties.primaryEndpoints.blob}${packageContainerName}'
