// A whole deployment of Serverless Sessions in a resource group of its own. The scope is the subscription, since that is how azd
// works and since one command then makes and names the group, too. A second environment is a second parameter file.
//
// The order follows from who needs whom: the identity, then what it is let into with its roles, then the app. Modules are given names
// and no outputs of others, so that what-if knows every resource before any is there.
targetScope = 'subscription'

import { productSettings, rolePolicy } from 'settings.bicep'

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

@description('What counts for the sessions of a role, by its name (docs/policies.md).')
param policies { *: rolePolicy } = {}

@description('What the names of the tables begin with: letters and digits.')
@maxLength(40)
param tablePrefix string = ''

@description('Which kind of store holds the tables: a storage account, or Azure Cosmos DB for Table, which docs/operations.md has a warning about.')
@allowed([
  'storage'
  'cosmos'
])
param store string = 'storage'

@description('The size of an Azure Managed Redis that instances share, such as Balanced_B0; empty for none (docs/redis.md).')
param redisSku string = ''

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

@description('Whether the app and its packages survive the loss of a zone. Azure then keeps two instances ready for requests and for each timer, and bills them; dataRedundancy must be one with ZRS.')
param zoneRedundant bool = false

@description('Whether the tables and the vault are locked against being deleted.')
param deleteLocks bool = false

@description('The memory of an instance, in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('How many instances there may be on demand of each group that scales by itself, in each region: requests are one, each of the seven timers another. A limit for requests, not for the bill (docs/scaling.md).')
@minValue(40)
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
var regions = concat(
  [{ location: location, token: token, webTest: 'live', service: { 'azd-service-name': 'api' } }],
  empty(secondaryLocation) ? [] : [{
    location: secondaryLocation
    token: toLower(uniqueString(subscription().id, environmentName, secondaryLocation))
    webTest: 'live-secondary'
    service: {}
  }]
)
var appNames = map(regions, region => 'func-${region.token}')
var appUrls = map(appNames, name => 'https://${name}.azurewebsites.net')
var twoRegions = length(regions) > 1
var noAddress = 'With a second region publicUrl must be set: both apps issue tokens under it.'
var publicAddress = !empty(publicUrl) ? publicUrl : twoRegions ? fail(noAddress) : appUrls[0]
var oneZone = 'With zoneRedundant dataRedundancy must be one of several zones, such as Standard_ZRS.'
var redundancy = zoneRedundant && store == 'storage' && !contains(dataRedundancy, 'ZRS') ? fail(oneZone) : dataRedundancy
var tags = {
  'azd-env-name': environmentName
}
var identityName = 'id-${token}'
var workspaceName = 'log-${token}'
var insightsName = 'appi-${token}'
var vaultName = 'kv-${token}'
var dataName = store == 'storage' ? 'stdata${token}' : 'cosmos-${token}'
var redisName = empty(redisSku) ? '' : 'redis-${token}'
var packageContainerName = 'app-package'
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
    name: identityName
  }
}

module monitoring 'modules/monitoring.bicep' = {
  scope: group
  dependsOn: [
    identity
  ]
  params: {
    location: location
    tags: tags
    workspaceName: workspaceName
    insightsName: insightsName
    retentionDays: logRetentionDays
    dailyQuotaGb: logDailyQuotaGb
    identityName: identityName
  }
}

module hostStorage 'modules/hoststorage.bicep' = [for region in regions: {
  scope: group
  dependsOn: [
    identity
  ]
  params: {
    location: region.location
    tags: tags
    name: 'sthost${region.token}'
    zoneRedundant: zoneRedundant
    packageContainerName: packageContainerName
    identityName: identityName
  }
}]

module dataStorage 'modules/datastorage.bicep' = if (store == 'storage') {
  scope: group
  dependsOn: [
    identity
  ]
  params: {
    location: location
    tags: tags
    name: dataName
    redundancy: redundancy
    tableNames: tableNames
    deleteLock: deleteLocks
    identityName: identityName
  }
}

module cosmosStore 'modules/cosmosstore.bicep' = if (store == 'cosmos') {
  scope: group
  dependsOn: [
    identity
  ]
  params: {
    location: location
    tags: tags
    name: dataName
    zoneRedundant: zoneRedundant
    tableNames: tableNames
    deleteLock: deleteLocks
    identityName: identityName
  }
}

module redis 'modules/redis.bicep' = if (!empty(redisSku)) {
  scope: group
  dependsOn: [
    identity
  ]
  params: {
    location: location
    tags: tags
    name: redisName
    sku: redisSku
    identityName: identityName
  }
}

module keyVault 'modules/keyvault.bicep' = {
  scope: group
  dependsOn: [
    monitoring
  ]
  params: {
    location: location
    tags: tags
    name: vaultName
    softDeleteDays: vaultSoftDeleteDays
    deleteLock: deleteLocks
    identityName: identityName
    workspaceName: workspaceName
  }
}

module app 'modules/functionapp.bicep' = [for (region, i) in regions: {
  scope: group
  dependsOn: [
    hostStorage
    dataStorage
    cosmosStore
    keyVault
    redis
  ]
  params: {
    location: region.location
    tags: tags
    serviceTag: region.service
    name: appNames[i]
    planName: 'plan-${region.token}'
    identityName: identityName
    hostBlobEndpoint: 'https://sthost${region.token}.blob.${environment().suffixes.storage}/'
    packageContainerName: packageContainerName
    tableEndpoint: store == 'storage' ? 'https://${dataName}.table.${environment().suffixes.storage}/' : 'https://${dataName}.table.cosmos.azure.com:443/'
    tablePrefix: tablePrefix
    redisEndpoint: empty(redisSku) ? '' : '${redisName}.${location}.redis.azure.net:10000'
    vaultUri: 'https://${vaultName}${environment().suffixes.keyvaultDns}/'
    insightsName: insightsName
    issuer: '${publicAddress}/api'
    allowedOrigins: allowedOrigins
    settings: settings
    policies: policies
    zoneRedundant: zoneRedundant
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    httpConcurrency: httpConcurrency
  }
}]

module alerts 'modules/alerts.bicep' = {
  scope: group
  dependsOn: [
    monitoring
    dataStorage
    cosmosStore
    redis
  ]
  params: {
    location: location
    tags: tags
    namePrefix: environmentName
    email: alertEmail
    insightsName: insightsName
    webTests: map(regions, (region, i) => {
      name: region.webTest
      appUrl: appUrls[i]
    })
    availabilityTest: availabilityTest
    store: store
    storeName: dataName
    redisName: redisName
  }
}

module logAlerts 'modules/logalerts.bicep' = {
  scope: group
  dependsOn: [
    monitoring
    alerts
  ]
  params: {
    location: location
    tags: tags
    namePrefix: environmentName
    workspaceName: workspaceName
    failedPercent: failedPercent
  }
}

@description('The resource group of the deployment.')
output RESOURCE_GROUP string = group.name

@description('The name of the app, which a package is deployed to.')
output FUNCTION_APP_NAME string = appNames[0]

@description('The name of the vault, which secrets of settings are put into.')
output VAULT_NAME string = vaultName

@description('The base address of the API.')
output API_URL string = '${appUrls[0]}/api'

@description('The dashboard for administrators.')
output DASHBOARD_URL string = '${appUrls[0]}/api/dashboard'

@description('Where other services find how to verify tokens.')
output DISCOVERY_URL string = '${publicAddress}/api/.well-known/openid-configuration'

@description('The name of the app in the second region, which the package is deployed to as well; empty without one.')
output SECONDARY_FUNCTION_APP_NAME string = twoRegions ? appNames[1] : ''

@description('The base address of the API in the second region; empty without one.')
output SECONDARY_API_URL string = twoRegions ? '${appUrls[1]}/api' : ''
