// What should wake somebody, as Azure itself measures it, and who that is. Without an email the alerts stand in the portal and
// nobody is written to. docs/operations.md says what each of them means.

@description('Where the test is registered.')
param location string

@description('What the resources are marked with.')
param tags object

@description('What the names of the alerts begin with.')
param namePrefix string

@description('Who is written to; empty for nobody.')
param email string

@description('The name of the Application Insights resource.')
param insightsName string

@description('The test of each app: its name, and the address that it calls.')
param webTests { name: string, appUrl: string }[]

@description('Whether each app is called from outside every 15 minutes, from three places. Each call is billed.')
param availabilityTest bool

@description('Which kind of store holds the tables.')
@allowed([
  'storage'
  'cosmos'
])
param store string

@description('The name of the store.')
param storeName string

@description('The name of the Redis that instances share; empty for none.')
param redisName string

var redisLimits = [
  { name: 'memory', metric: 'usedmemorypercentage', description: 'The Redis that instances share is nearly full, and forgets what it should keep.' }
  { name: 'load', metric: 'serverLoad', description: 'The Redis that instances share is nearly too busy to answer in time.' }
]

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}-people'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'sessions'
    enabled: true
    emailReceivers: empty(email) ? [] : [
      {
        name: 'operator'
        emailAddress: email
        useCommonAlertSchema: true
      }
    ]
  }
}

resource liveTests 'Microsoft.Insights/webtests@2022-06-15' = [for test in webTests: {
  name: '${namePrefix}-${test.name}'
  location: location
  tags: union(tags, {
    'hidden-link:${insights.id}': 'Resource'
  })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${namePrefix}-${test.name}'
    Name: '${namePrefix}-${test.name}'
    Description: 'Asks health/live, as somebody outside would.'
    Enabled: availabilityTest
    Frequency: 900
    Timeout: 30
    Kind: 'standard'
    RetryEnabled: true
    Locations: [
      {
        Id: 'emea-nl-ams-azr'
      }
      {
        Id: 'us-va-ash-azr'
      }
      {
        Id: 'apac-sg-sin-azr'
      }
    ]
    Request: {
      RequestUrl: '${test.appUrl}/api/health/live'
      HttpVerb: 'GET'
      ParseDependentRequests: false
      FollowRedirects: false
    }
    ValidationRules: {
      ExpectedHttpStatusCode: 200
      SSLCheck: true
      SSLCertRemainingLifetimeCheck: 7
    }
  }
}]

resource availability 'Microsoft.Insights/metricAlerts@2026-01-01' = [for (test, i) in webTests: {
  name: replace('${namePrefix}-${test.name}', '-live', '-availability')
  location: 'global'
  tags: tags
  properties: {
    description: 'The app does not answer from two of the three places that ask it.'
    severity: 0
    enabled: availabilityTest
    scopes: [
      liveTests[i].id
      insights.id
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT30M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: liveTests[i].id
      componentId: insights.id
      failedLocationCount: 2
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}]

resource storageThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = if (store == 'storage') {
  name: '${namePrefix}-storage-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'Storage refuses requests because there are too many of them.'
    severity: 2
    enabled: true
    scopes: [
      resourceId('Microsoft.Storage/storageAccounts', storeName)
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.Storage/storageAccounts'
          metricName: 'Transactions'
          dimensions: [
            {
              name: 'ResponseType'
              operator: 'Include'
              values: [
                'ClientAccountBandwidthThrottlingError'
                'ClientAccountRequestThrottlingError'
                'ClientThrottlingError'
                'ServerBusyError'
              ]
            }
          ]
          timeAggregation: 'Total'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

resource cosmosThrottling 'Microsoft.Insights/metricAlerts@2026-01-01' = if (store == 'cosmos') {
  name: '${namePrefix}-cosmos-throttling'
  location: 'global'
  tags: tags
  properties: {
    description: 'Cosmos DB refuses requests because there are too many of them.'
    severity: 2
    enabled: true
    scopes: [
      resourceId('Microsoft.DocumentDB/databaseAccounts', storeName)
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'throttled'
          metricNamespace: 'Microsoft.DocumentDB/databaseAccounts'
          metricName: 'TotalRequests'
          dimensions: [
            {
              name: 'StatusCode'
              operator: 'Include'
              values: [
                '429'
              ]
            }
          ]
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 10
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}

resource redisAlerts 'Microsoft.Insights/metricAlerts@2026-01-01' = [for limit in redisLimits: if (!empty(redisName)) {
  name: '${namePrefix}-redis-${limit.name}'
  location: 'global'
  tags: tags
  properties: {
    description: limit.description
    severity: 2
    enabled: true
    scopes: [
      resourceId('Microsoft.Cache/redisEnterprise', redisName)
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: limit.name
          metricNamespace: 'Microsoft.Cache/redisEnterprise'
          metricName: limit.metric
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 80
        }
      ]
    }
    actions: [
      {
        actionGroupId: people.id
      }
    ]
  }
}]
