// A whole deployment of Serverless Sessions in a resource group of its own. The scope is the subscription, since that is how azd
// works and since one command then makes and names the group, too. A second environment is a second parameter file.
//
// The order follows from who needs whom: the identity, then what it is let into with its roles, then the app.
targetScope = 'subscription'

import { productSettings } from 'settings.bicep'

@description('The name of the environment, such as sessions-prod: names of resources derive from it, and the group is called by it.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('The region of everything. It needs to offer Flex Consumption.')
@minLength(1)
param location string

@description('A second region that a second app runs in, over the same tables; empty for none. docs/operations.md says how to fail over.')
param secondaryLocation string = ''

@description('The public address of the app where it has one of its own, such as https://sessions.example.com; otherwise the one that Azure gives it. With a second region it must be set, since both apps issue tokens under it.')
param publicUrl string = ''

@description('The origins of the pages that may call the app and keep their refresh token in a cookie, such as https://app.example.com.')
param allowedOrigins string[] = []

@description('Settings of the app where they should differ from their defaults.')
param settings productSettings = {}

@description('What the names of the tables begin with: letters and digits.')
@maxLength(40)
param tablePrefix string = ''

@description('Which kind of store holds the tables: a storage account, or Azure Cosmos DB for Table, which docs/operations.md has a warning about.')
@allowed([
  'storage'
  'cosmos'
])
param store string = 'storage'

@description('How often and where the storage account of the tables copies its data. A second region wants Standard_GZRS or Standard_GRS.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_RAGRS'
  'Standard_GZRS'
  'Standard_RAGZRS'
])
param dataRedundancy string = 'Standard_LRS'

@description('The memory of an instance, in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('How many instances there may be at most, in each region: a limit for the bill. Requests share instances, and each of the six timers runs on one of its own.')
@minValue(8)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('How many instances are kept running for requests. None costs nothing and makes the first request after a pause wait.')
@minValue(0)
@maxValue(1000)
param alwaysReadyInstances int = 0

@description('How many requests an instance takes at a time before the platform starts another one.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int = 40

@description('Who is written to when an alert fires; empty for nobody.')
param alertEmail string = ''

@description('Whether the app is called from outside every 15 minutes, which is billed by the call.')
param availabilityTest bool = false

@description('From which percentage of requests answered with 5xx on an alert fires.')
@minValue(1)
@maxValue(100)
param failedPercent int = 5

@description('For how many days logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('How many GB of logs are taken in a day before the rest of the day is dropped and alerts are blind; -1 for no limit.')
param logDailyQuotaGb int = -1

@description('For how many days a deleted vault or secret can be brought back. It can be set once only.')
@minValue(7)
@maxValue(90)
param vaultSoftDeleteDays int = 90

var token = toLower(uniqueString(subscription().id, environmentName, location))
var secondaryToken = toLower(uniqueString(subscription().id, environmentName, secondaryLocation))
var tags = {
  'azd-env-name': environmentName
}
var appName = 'func-${token}'
var twoRegions = !empty(secondaryLocation)
var noAddress = 'With a second region publicUrl must be set: both apps issue tokens under it.'
var publicAddress = !empty(publicUrl) ? publicUrl : twoRegions ? fail(noAddress) : 'https://${appName}.azurewebsites.net'
var tableNames = map(['Accounts', 'Sessions', 'Timeline', 'Security', 'Statistics'], table => '${tablePrefix}${table}')

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'id-${token}'
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    workspaceName: 'log-${token}'
    insightsName: 'appi-${token}'
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
    principalId: identity.outputs.principalId
  }
}

module hostStorage 'modules/hoststorage.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'sthost${token}'
    principalId: identity.outputs.principalId
  }
}

module dataStorage 'modules/datastorage.bicep' = if (store == 'storage') {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'stdata${token}'
    redundancy: dataRedundancy
    tableNames: tableNames
    principalId: identity.outputs.principalId
  }
}

module cosmosStore 'modules/cosmosstore.bicep' = if (store == 'cosmos') {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'cosmos-${token}'
    tableNames: tableNames
    principalId: identity.outputs.principalId
  }
}

module keyVault 'modules/keyvault.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    name: 'kv-${token}'
    softDeleteDays: vaultSoftDeleteDays
    principalId: identity.outputs.principalId
    workspaceName: monitoring.outputs.workspaceName
  }
}

module app 'modules/functionapp.bicep' = {
  scope: group
  params: {
    location: location
    tags: union(tags, {
      'azd-service-name': 'api'
    })
    name: appName
    planName: 'plan-${token}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostBlobEndpoint: hostStorage.outputs.blobEndpoint
    packageContainer: hostStorage.outputs.packageContainer
    tableEndpoint: store == 'storage' ? dataStorage!.outputs.tableEndpoint : cosmosStore!.outputs.tableEndpoint
    tablePrefix: tablePrefix
    vaultUri: keyVault.outputs.uri
    insightsName: monitoring.outputs.insightsName
    issuer: '${publicAddress}/api'
    allowedOrigins: allowedOrigins
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    httpConcurrency: httpConcurrency
  }
}

module secondaryHostStorage 'modules/hoststorage.bicep' = if (twoRegions) {
  scope: group
  params: {
    location: secondaryLocation
    tags: tags
    name: 'sthost${secondaryToken}'
    principalId: identity.outputs.principalId
  }
}

module secondaryApp 'modules/functionapp.bicep' = if (twoRegions) {
  scope: group
  params: {
    location: secondaryLocation
    tags: tags
    name: 'func-${secondaryToken}'
    planName: 'plan-${secondaryToken}'
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    hostBlobEndpoint: secondaryHostStorage!.outputs.blobEndpoint
    packageContainer: secondaryHostStorage!.outputs.packageContainer
    tableEndpoint: store == 'storage' ? dataStorage!.outputs.tableEndpoint : cosmosStore!.outputs.tableEndpoint
    tablePrefix: tablePrefix
    vaultUri: keyVault.outputs.uri
    insightsName: monitoring.outputs.insightsName
    issuer: '${publicAddress}/api'
    allowedOrigins: allowedOrigins
    settings: settings
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    httpConcurrency: httpConcurrency
  }
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    namePrefix: environmentName
    email: alertEmail
    insightsId: monitoring.outputs.insightsId
    appUrl: app.outputs.url
    availabilityTest: availabilityTest
    store: store
    storeId: store == 'storage' ? dataStorage!.outputs.id : cosmosStore!.outputs.id
  }
}

module logAlerts 'modules/logalerts.bicep' = {
  scope: group
  params: {
    location: location
    tags: tags
    namePrefix: environmentName
    workspaceId: monitoring.outputs.workspaceId
    peopleId: alerts.outputs.peopleId
    failedPercent: failedPercent
  }
}

@description('The resource group of the deployment.')
output RESOURCE_GROUP string = group.name

@description('The name of the app, which a package is deployed to.')
output FUNCTION_APP_NAME string = app.outputs.name

@description('The name of the vault, which secrets of settings are put into.')
output VAULT_NAME string = keyVault.outputs.name

@description('The base address of the API.')
output API_URL string = '${app.outputs.url}/api'

@description('The dashboard for administrators.')
output DASHBOARD_URL string = '${app.outputs.url}/api/dashboard'

@description('Where other services find how to verify tokens.')
output DISCOVERY_URL string = '${publicAddress}/api/.well-known/openid-configuration'

@description('The name of the app in the second region, which the package is deployed to as well; empty without one.')
output SECONDARY_FUNCTION_APP_NAME string = twoRegions ? secondaryApp!.outputs.name : ''

@description('The base address of the API in the second region; empty without one.')
output SECONDARY_API_URL string = twoRegions ? '${secondaryApp!.outputs.url}/api' : ''
