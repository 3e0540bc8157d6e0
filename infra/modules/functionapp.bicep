// The app itself, on Flex Consumption. It runs with the identity alone: no setting here holds a key or a connection string that
// lets anybody in.

import { productSettings, rolePolicy } from '../settings.bicep'

@description('Where the app runs.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The tag by which azd finds the app, and nothing but the app.')
param serviceTag object

@description('The name of the app, which is also its address.')
param name string

@description('The name of the plan that the app is billed by.')
param planName string

@description('The name of the identity that the app runs with.')
param identityName string

@description('The blob endpoint of the storage account of the host.')
param hostBlobEndpoint string

@description('The blob container that packages are deployed to.')
param packageContainerName string

@description('The endpoint of the tables.')
param tableEndpoint string

@description('What the names of the tables begin with.')
param tablePrefix string

@description('Host and port of the Redis that instances share; empty for none.')
param redisEndpoint string

@description('The address of the vault of the signing keys.')
param vaultUri string

@description('The name of the Application Insights resource.')
param insightsName string

@description('The issuer of the tokens: the public address of the app with /api.')
param issuer string

@description('The origins of the pages that may call the app and keep their refresh token in a cookie.')
param allowedOrigins string[]

@description('Settings of the app.')
param settings productSettings

@description('What counts for the sessions of a role, by its name.')
param policies { *: rolePolicy }

@description('Whether instances are spread over zones. Azure then keeps two ready for requests and for each timer.')
param zoneRedundant bool

@description('The memory of an instance, in MB; its share of a core goes with it.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int

@description('How many instances there may be on demand of each group that scales by itself. Some regions take no less than 40.')
@minValue(40)
@maxValue(1000)
param maximumInstanceCount int

@description('How many instances for requests are kept running, whether or not anybody asks; each is billed all the time.')
@minValue(0)
@maxValue(1000)
param alwaysReadyInstances int

@description('How many requests an instance takes at a time before the platform starts another one.')
@minValue(1)
@maxValue(1000)
param httpConcurrency int

// The timers' bindings name these settings, so they have to be there. The same as in local.settings.sample.json.
var schedules = {
  PurgeExpiredSessionsSchedule: '0 */15 * * * *'
  FlagSuspiciousIpsSchedule: '0 */5 * * * *'
  RaiseSecurityAlertsSchedule: '30 * * * * *'
  SendOutboxSchedule: '15 * * * * *'
  RollUpStatisticsSchedule: '0 5,20,35,50 * * * *'
  PurgeOldLogsSchedule: '0 40 * * * *'
  RotateSigningKeysSchedule: '0 30 3 * * *'
}

var policySettings = toObject(
  flatten(map(items(policies), role => map(items(role.value), item => {
    name: 'Policies__${role.key}__${item.key}'
    value: item.?value
  }))),
  setting => setting.name,
  setting => setting.?value
)

// What follows from the resources, so a parameter can't change it.
var deployed = {
  Storage__TableServiceUri: tableEndpoint
  Storage__TablePrefix: tablePrefix
  Storage__CreateTables: 'false'
  Tokens__Issuer: issuer
  Keys__VaultUri: vaultUri
  Redis__Endpoint: redisEndpoint
  Cookies__AllowedOrigins: join(allowedOrigins, ',')
  Telemetry__AzureMonitorConnectionString: insights.properties.ConnectionString
  Telemetry__AzureMonitorIdentity: 'true'
}

// What the host and the identity library read. The host is told its blobs alone: it needs neither queues nor tables.
var platform = {
  AzureWebJobsStorage__blobServiceUri: hostBlobEndpoint
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
  AZURE_CLIENT_ID: identity.properties.clientId
  AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'
  APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'Authorization=AAD;ClientId=${identity.properties.clientId}'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  name: name
  location: location
  tags: union(tags, serviceTag)
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identity.id}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    publicNetworkAccess: 'Enabled'
    keyVaultReferenceIdentity: identity.id
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostBlobEndpoint}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      // Without it every update stops all instances at once, with what runs on them. Azure takes it since 2023-12-01, and Bicep's types
      // for this version lack it.
      #disable-next-line BCP037
      siteUpdateStrategy: {
        type: 'RollingUpdate'
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReadyInstances == 0 ? [] : [
          {
            name: 'http'
            instanceCount: alwaysReadyInstances
          }
        ]
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      cors: {
        allowedOrigins: allowedOrigins
        supportCredentials: !empty(allowedOrigins)
      }
    }
  }
}

resource appSettings 'Microsoft.Web/sites/config@2025-03-01' = {
  parent: app
  name: 'appsettings'
  properties: union(schedules, settings, policySettings, deployed, platform)
}

// The three are children of the site, which takes one change at a time.
//
// Nobody publishes with a password: only with a token of an identity that may.
resource noFtpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  dependsOn: [
    appSettings
  ]
  properties: {
    allow: false
  }
}

resource noScmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  dependsOn: [
    noFtpPassword
  ]
  properties: {
    allow: false
  }
}
