// Where logs, metrics and traces go. Application Insights takes them from identities only.

@description('Where the resources live.')
param location string

@description('What the resources are marked with.')
param tags object

@description('The name of the Log Analytics workspace.')
param workspaceName string

@description('The name of the Application Insights resource.')
param insightsName string

@description('For how many days logs are kept. The first 31 cost nothing extra, and the first 90 of what the app and its host send.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('How much is taken in a day, in GB, before the rest of the day is dropped and alerts are blind; -1 for no limit.')
param dailyQuotaGb int

@description('The name of the identity that the app runs with.')
param identityName string

// Monitoring Metrics Publisher, which is the role for sending any telemetry.
var metricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyQuotaGb
    }
    features: {
      disableLocalAuth: true
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    IngestionMode: 'LogAnalytics'
    DisableLocalAuth: true
  }
}

resource telemetryRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, identity.id, metricsPublisher)
  scope: insights
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', metricsPublisher)
  }
}
