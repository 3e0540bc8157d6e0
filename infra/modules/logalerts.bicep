// What should wake somebody, as the app tells it in its logs and metrics. docs/operations.md says what each of them means.
//
// Azure would try each query when its rule is made, and a workspace of minutes ago has none of the tables yet: it is told not to.

@description('Where the rules live: in the region of the workspace.')
param location string

@description('What the resources are marked with.')
param tags object

@description('What the names of the alerts begin with.')
param namePrefix string

@description('The name of the Log Analytics workspace.')
param workspaceName string

@description('From which share of failed requests on somebody is told.')
@minValue(1)
@maxValue(100)
param failedPercent int

// The names are those that the app logs with the events: the host hands on the name of an event, and its number only where it has
// no name.
var securityEvents = [
  {
    name: 'token-reuse'
    event: 2001
    eventName: 'TokenReused'
    severity: 1
    description: 'A spent refresh token came, so somebody may have a copy of it; its session was ended (event 2001).'
  }
  {
    name: 'flagged-address'
    event: 2003
    eventName: 'AddressFlagged'
    severity: 2
    description: 'An address was flagged for its login attempts (event 2003).'
  }
  {
    name: 'misconfigured'
    event: 1014
    eventName: 'Misconfigured'
    severity: 1
    description: 'Settings are wrong, so the app answers nothing and no timer runs (event 1014).'
  }
]

// The app's own metric counts every request; logs of requests are sampled.
var failedRequests = '''
AppMetrics
| where Name == "http.server.request.duration"
| extend Status = toint(Properties["http.response.status_code"])
| summarize Requests = sum(ItemCount), Failed = sumif(ItemCount, Status >= 500)
| where Requests >= 20
| project TimeGenerated = now(), FailedPercent = 100.0 * Failed / Requests
'''

// A timer is late when its last good run is longer ago than a few of its usual periods, or when its runs have not got through with
// their work for as long, as the reports say that end with it: how much time they have is a setting. One that never ran counts from
// the first run of any timer on.
var lateTimers = '''
let Limits = datatable(Timer: string, Limit: timespan) [
    "PurgeExpiredSessions", 1h,
    "FlagSuspiciousIps", 30m,
    "RaiseSecurityAlerts", 20m,
    "SendOutbox", 20m,
    "RollUpStatistics", 1h,
    "PurgeOldLogs", 4h,
    "RotateSigningKeys", 26h
];
let Reports = datatable(EventName: string, Timer: string) [
    "Purged", "PurgeExpiredSessions",
    "Flagged", "FlagSuspiciousIps",
    "AlertsRaised", "RaiseSecurityAlerts",
    "OutboxSent", "SendOutbox",
    "RolledUp", "RollUpStatistics",
    "OldLogsPurged", "PurgeOldLogs"
];
let Runs = AppMetrics
    | where Name == "serverless.timers.run.duration"
    | extend Timer = tostring(Properties["timer"]), Failed = isnotempty(tostring(Properties["error.type"]));
let Since = toscalar(Runs | summarize min(TimeGenerated));
let Good = Runs | where not(Failed) | summarize LastGood = max(TimeGenerated) by Timer;
let Finished = AppTraces
    | extend EventName = tostring(Properties["EventName"])
    | lookup kind=inner Reports on EventName
    | summarize FirstReport = min(TimeGenerated), LastReport = max(TimeGenerated), LastFinished = maxif(TimeGenerated, Message endswith "finished: True") by Timer;
Limits
| lookup kind=leftouter Good on Timer
| lookup kind=leftouter Finished on Timer
| where now() - coalesce(LastGood, Since, ago(2d)) > Limit or LastReport - coalesce(LastFinished, FirstReport) > Limit
| project TimeGenerated = now(), Timer
'''

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' existing = {
  name: '${namePrefix}-people'
}

resource failures 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: '${namePrefix}-failed-requests'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${namePrefix}-failed-requests'
    description: 'More requests than usual are answered with 5xx: storage is in trouble (event 1001), or something is wrong that nobody expected (event 1003).'
    severity: 1
    enabled: true
    scopes: [
      workspace.id
    ]
    skipQueryValidation: true
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      allOf: [
        {
          query: failedRequests
          metricMeasureColumn: 'FailedPercent'
          timeAggregation: 'Maximum'
          operator: 'GreaterThanOrEqual'
          threshold: failedPercent
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}

resource security 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = [for alert in securityEvents: {
  name: '${namePrefix}-${alert.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${namePrefix}-${alert.name}'
    description: alert.description
    severity: alert.severity
    enabled: true
    scopes: [
      workspace.id
    ]
    skipQueryValidation: true
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      allOf: [
        {
          query: 'AppTraces | where tostring(Properties["EventName"]) == "${alert.eventName}" or tostring(Properties["EventId"]) == "${alert.event}"'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    // Each occurrence is one to look at; it doesn't mend itself.
    autoMitigate: false
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}]

resource timers 'Microsoft.Insights/scheduledQueryRules@2026-03-01' = {
  name: '${namePrefix}-late-timer'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${namePrefix}-late-timer'
    description: 'A timer has not run well, or not got through with its work, for longer than it should. health/ready tells how far each lags.'
    severity: 2
    enabled: true
    scopes: [
      workspace.id
    ]
    skipQueryValidation: true
    evaluationFrequency: 'PT15M'
    windowSize: 'PT1H'
    overrideQueryTimeRange: 'P2D'
    criteria: {
      allOf: [
        {
          query: lateTimers
          timeAggregation: 'Count'
          dimensions: [
            {
              name: 'Timer'
              operator: 'Include'
              values: [
                '*'
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    actions: {
      actionGroups: [
        people.id
      ]
    }
  }
}
