import type { rules } from './rules/all.ts';

/** What somebody could do wrong: in which file, what would stand there instead of what, what its rule must say then, and in which deployment. */
type Mutation = readonly [mutation: string, file: string, from: string | RegExp, to: string, says: string | RegExp, deployment?: string];

const main = 'infra/main.bicep';
const production = 'infra/main.prod.bicepparam';
const app = 'infra/modules/functionapp.bicep';
const host = 'infra/modules/hoststorage.bicep';
const data = 'infra/modules/datastorage.bicep';
const cosmos = 'infra/modules/cosmosstore.bicep';
const redis = 'infra/modules/redis.bicep';
const vault = 'infra/modules/keyvault.bicep';
const monitoring = 'infra/modules/monitoring.bicep';
const alerts = 'infra/modules/alerts.bicep';
const logAlerts = 'infra/modules/logalerts.bicep';
const workflow = '.github/workflows/ci.yml';
const guide = 'docs/operations.md';

const resource = (name: string) => new RegExp(`resource ${name} '[^]*?\\n}\\]?\\n`);

export const mutations: { readonly [rule in keyof typeof rules]: readonly Mutation[] } = {
  'the compiler and the linter find nothing': [
    ['a brace is missing', data, 'sku: {', 'sku:', 'BCP009'],
    ['a property is misspelt', app, 'httpsOnly: true', 'httpOnly: true', 'BCP089'],
    ['a property has a wrong type', app, 'httpsOnly: true', "httpsOnly: 'true'", 'BCP036'],
    ['a parameter loses its description', vault, "@description('The name of the vault.')\n", '', 'use-description-params'],
    ['a parameter is not used', monitoring, 'retentionInDays: retentionDays', 'retentionInDays: 30', 'no-unused-params'],
    ['a version is old', vault, 'vaults@2025-05-01', 'vaults@2015-06-01', 'use-recent-api-versions'],
    ['an output is a secret', monitoring, /$/, "\n@description('A key.')\noutput key string = workspace.listKeys().primarySharedKey\n", 'outputs-should-not-contain-secrets'],
    ['a resource is named by what is not there yet', main, 'name: vaultName', 'name: group.properties.provisioningState', 'what-if-short-circuiting'],
    ['a parameter file misspells a parameter', production, 'param alertEmail', 'param alertMail', 'BCP259'],
    ['a parameter file gives what is not allowed', production, "'Standard_ZRS'", "'Premium_ZRS'", 'BCP033'],
    ['a parameter file leaves a range', production, 'maximumInstanceCount = 100', 'maximumInstanceCount = 10', 'BCP328'],
    ['a parameter file sets what is no setting', 'infra/main.dev.bicepparam', 'Cookies__SameSite', 'Cookies__SameSight', 'BCP089', 'main.dev'],
  ],
  'what the linter lets through has a reason': [['the reason is gone', vault, /\/\/ A preview since 2021.*\n/, '', 'lets through without a reason']],
  'what-if knows every resource': [
    ['a name comes from what is not there yet', main, 'name: vaultName', 'name: group.properties.provisioningState', "what-if can't know a Microsoft.KeyVault/vaults"],
  ],
  'two regions have an address of their own, and zones are redundant as a whole': [
    ['a second region gets the address of the first', main, 'twoRegions ? fail(noAddress) : ', '', 'noAddress is deployed'],
    ['the tables stay in one zone', main, "? fail(oneZone) : dataRedundancy", '? dataRedundancy : dataRedundancy', 'oneZone is deployed'],
  ],
  'the identity has its roles, the right ones': [
    ['the role on the host account is removed', host, resource('hostRole'), '', 'the role Storage Blob Data Owner is not assigned once'],
    ['the role on the tables is removed', data, resource('tableRoles'), '', 'the role Storage Table Data Contributor is not assigned once'],
    ['the role on the vault is removed', vault, resource('keysRole'), '', 'the role Key Vault Secrets Officer is not assigned once'],
    ['the role on Application Insights is removed', monitoring, resource('telemetryRole'), '', 'the role Monitoring Metrics Publisher is not assigned once'],
    ['the role of Cosmos DB is removed', cosmos, resource('storeRole'), '', 'Cosmos DB Built-in Data Contributor is not assigned once', 'everything'],
    ['a role is a greater one', data, '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', 'b24988ac-6180-42a0-ab88-20f7382dd24c', /b24988ac.* is none of those/],
    ['a role reaches further than the tables', data, 'scope: tables[i]', 'scope: account', 'on Microsoft.Storage/storageAccounts is none of those'],
    ['a role says no type of its principal', vault, "    principalType: 'ServicePrincipal'\n", '', 'says no principalType'],
  ],
  'only the identity gets into Redis': [
    ['nobody does', redis, resource('access'), '', 'Redis lets in others', 'everything'],
    ['somebody else does', redis, 'identity.properties.principalId', "'00000000-0000-0000-0000-000000000001'", 'Redis lets in others', 'everything'],
  ],
  'the picture for operators shows the roles': [['it lacks one', guide, '"Key Vault Secrets Officer" --> vault', '"reads and writes" --> vault', 'the picture lacks Key Vault Secrets Officer']],
  'the app starts after the roles': [
    ['it does not wait for the vault', main, '    cosmosStore\n    keyVault\n', '    cosmosStore\n', "doesn't wait for the roles of keyVault"],
    ['it does not wait for the tables', main, '    hostStorage\n    dataStorage\n', '    hostStorage\n', "doesn't wait for the roles of dataStorage"],
  ],
  'nothing can be got into with a key or without encryption': [
    ['storage takes keys', data, 'allowSharedKeyAccess: false', 'allowSharedKeyAccess: true', 'properties.allowSharedKeyAccess of a'],
    ['storage takes old TLS', host, "'TLS1_2'", "'TLS1_0'", 'properties.minimumTlsVersion of a'],
    ['the vault can be purged', vault, '    enablePurgeProtection: true\n', '', 'properties.enablePurgeProtection of a'],
    ['Application Insights takes keys', monitoring, '    DisableLocalAuth: true\n', '', 'properties.DisableLocalAuth of a'],
    ['Cosmos DB takes keys', cosmos, '    disableLocalAuth: true\n', '', 'properties.disableLocalAuth of a', 'everything'],
    ['Redis takes keys', redis, "accessKeysAuthentication: 'Disabled'", "accessKeysAuthentication: 'Enabled'", 'properties.accessKeysAuthentication of a', 'everything'],
    ['passwords publish', app, 'allow: false', 'allow: true', 'properties.allow of a'],
  ],
  'uses of the vault are on record': [['the log is off', vault, 'enabled: true', 'enabled: false', 'nobody hears']],
  'no secret is read or handed on': [
    ['a setting is a key', app, "AZURE_TOKEN_CREDENTIALS: 'ManagedIdentityCredential'", "AZURE_TOKEN_CREDENTIALS: listKeys(plan.id, '2025-03-01').key", 'has listKeys'],
  ],
  'every setting of the app is known to the templates, and the other way round': [
    ['a setting is misspelt', 'infra/settings.bicep', 'Sessions__Grace:', 'Sessions__Grac:', 'Sessions__Grac is no setting of the app'],
    ['a setting is forgotten', 'infra/settings.bicep', '  Keys__SecretName: string?\n', '  Keys__SecretNam: string?\n', "Keys__SecretName can't be set"],
    ['the app has a new setting', 'local.settings.sample.json', '"Values": {', '"Values": { "Sessions__New": "1",', "Sessions__New can't be set"],
    ['a setting of the deployment is misspelt', app, 'Storage__TableServiceUri:', 'Storage__TablesUri:', 'Storage__TablesUri is no setting of the app'],
    ['the platform gets what Flex Consumption refuses', app, '  AZURE_CLIENT_ID:', "  FUNCTIONS_EXTENSION_VERSION: '~4'\n  AZURE_CLIENT_ID:", 'FUNCTIONS_EXTENSION_VERSION is no setting'],
    ['a schedule is another one', app, "PurgeOldLogsSchedule: '0 40 * * * *'", "PurgeOldLogsSchedule: '0 41 * * * *'", 'PurgeOldLogsSchedule is not as in the sample'],
    ['a parameter file has a secret', 'infra/main.dev.bicepparam', "Cookies__SameSite: 'None'", "Captcha__Secret: 'abc'", 'Captcha__Secret is a secret', 'main.dev'],
  ],
  'the tables are those that the app uses': [['a table is not made', main, "'Security', 'Statistics'", "'Statistics'", 'and the app uses']],
  'instances are replaced one after the other': [
    ['an update stops all at once', app, "type: 'RollingUpdate'", "type: 'Recreate'", 'an update stops all instances at once'],
    ['fewer are allowed than some regions take', app, 'maximumInstanceCount: maximumInstanceCount', 'maximumInstanceCount: 10', 'some regions take no less than 40'],
  ],
  'children of the site are changed one after the other': [
    ['ftp does not wait', app, '    appSettings\n', '', "noFtpPassword doesn't wait"],
    ['scm does not wait', app, '    noFtpPassword\n', '', "noScmPassword doesn't wait"],
  ],
  'redundancy is the same everywhere, or the parameter file says why not': [
    ['production says no reason', production, /^\/\/ .*zoneRedundant.*\n/m, '', 'main.prod is zone-redundant in part'],
    ['Cosmos DB stays in one zone', cosmos, '        isZoneRedundant: zoneRedundant\n', '', 'everything is zone-redundant in part', 'everything'],
    ['packages stay in one zone', host, "zoneRedundant ? 'Standard_ZRS' : ", '', 'everything is zone-redundant in part', 'everything'],
  ],
  'production is locked against deletion': [
    ['it is unlocked', production, 'deleteLocks = true', 'deleteLocks = false', 'a Microsoft.KeyVault/vaults can be deleted'],
    ['the tables are not locked', data, resource('lock'), '', 'a Microsoft.Storage/storageAccounts can be deleted'],
  ],
  'every alert is there, tells somebody and is explained': [
    ['an alert tells nobody', logAlerts, '        people.id\n', '', 'failed-requests tells nobody'],
    ['Azure tries a query before its table is there', logAlerts, '    skipQueryValidation: true\n', '', 'has its query tried before its table is there'],
    ['those of Redis are removed', alerts, resource('redisAlerts'), '', 'there is no alert redis-memory', 'everything'],
    ['an alert is removed', logAlerts, resource('timers'), '', 'there is no alert late-timer'],
    ['the runbook has no row of an alert', guide, '\n| a timer lags |', '\n| a timer is late |', "doesn't lead from the alert late-timer"],
    ['an alert says nothing of what to do', guide, '| event 2003 | logs | [2003](#runbook) |', '| event 2003 | logs | |', "doesn't lead from the alert flagged-address"],
  ],
  'every app is watched from outside': [
    ['the second region is not', main, 'webTests: map(regions, (region, i)', 'webTests: map(take(regions, 1), (region, i)', 'an app is not watched', 'everything'],
    ['production is not', production, 'availabilityTest = true', 'availabilityTest = false', 'production is not watched'],
    ['another address is called', alerts, '/api/health/live', '/api/health/ready', 'an app is not watched'],
  ],
  'alerts listen for events, metrics and timers that there are': [
    ['an alert listens for another event', logAlerts, "eventName: 'TokenReused'", "eventName: 'TokenReuse'", 'the app logs no event 2001 TokenReuse'],
    ['the app renames an event', 'src/Serverless.Sessions/Log.cs', 'void AddressFlagged(', 'void IpFlagged(', 'the app logs no event 2003 AddressFlagged'],
    ['an alert listens for no metric of ours', logAlerts, '"serverless.timers.run.duration"', '"serverless.timer.run.duration"', 'has no metric serverless.timer.run.duration'],
    ['the app renames the report of a timer', 'src/Serverless.Functions/Log.cs', 'void RolledUp(', 'void Counted(', 'the app logs no report RolledUp'],
    ['a report says otherwise that a run did not finish', 'src/Serverless.Functions/Log.cs', 'rows unreadable; finished:', 'rows unreadable; done:', 'the app logs no report Purged'],
    ['no alert watches a report', logAlerts, '    "AlertsRaised", "RaiseSecurityAlerts",\n', '', 'no alert watches the report AlertsRaised'],
    ['no alert watches a timer', logAlerts, '    "PurgeOldLogs", 4h,\n', '', 'no alert watches the timer PurgeOldLogs'],
  ],
  'the page of costs states what the templates cost': [
    ['production has another instance ready', production, 'alwaysReadyInstances = 1', 'alwaysReadyInstances = 2', 'instances that are always ready'],
    ['an alert runs more often', logAlerts, "evaluationFrequency: 'PT15M'", "evaluationFrequency: 'PT5M'", 'alert rules over logs'],
    ['a price changes', 'docs/scaling.md', '| 0.00036 |', '| 0.00045 |', 'transactions'],
    ['an instance sends more metrics', 'docs/scaling.md', '| minute of an instance | 0 | 0 | 35 |', '| minute of an instance | 0 | 0 | 50 |', 'metrics in Log Analytics'],
    ['the host samples more requests', 'host.json', '"maxTelemetryItemsPerSecond": 5', '"maxTelemetryItemsPerSecond": 20', 'host.json logs 1200 requests a minute'],
    ['production samples traces', production, 'param deleteLocks', "param settings = { Telemetry__SampledPercent: '5' }\nparam deleteLocks", 'traces in Log Analytics'],
    ['the first lines are older than the table', 'docs/scaling.md', /in production \d+ when idle/, 'in production 38 when idle', "the first lines don't say"],
  ],
  'actions are pinned, jobs may what they need, and approval comes after the plan': [
    ['an action is pinned to a tag', workflow, 'azure/login@f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca # v3.0.1', 'azure/login@v3', 'not pinned: - uses: azure/login@v3'],
    ['a job may write', workflow, 'contents: read', 'contents: write', /test may \{"contents":"write"\}/],
    ['the deployment needs no approval', workflow, / {4}environment:\n\s+name: production\n\s+url: .*\n/, '', 'deploy deploys without the environment production'],
    ['the plan waits for an approval', workflow, 'timeout-minutes: 15\n', 'timeout-minutes: 15\n    environment: production\n', 'the plan waits for an approval'],
    ['the plan does not wait for the tests', workflow, 'needs: [test, build,', 'needs: [build,', "plan doesn't wait for test"],
    ['the deployment does not wait for the plan', workflow, 'needs: [plan]', 'needs: [test]', "deploy doesn't wait for plan"],
    ['what deploys is another compiler', workflow, '--version v0.49.2', '--version v0.48.1', "plan doesn't run az bicep install"],
    ['a secret is used', workflow, '${{ vars.AZURE_TENANT_ID }}', '${{ secrets.AZURE_TENANT_ID }}', 'a secret is used'],
    ['a script holds an expression', workflow, '- run: dotnet dev.cs publish', '- run: dotnet dev.cs publish ${{ github.head_ref }}', 'package has an expression within a script'],
  ],
  'azd deploys the package that publish makes, to one resource': [
    ['azd deploys what it built itself', 'azure.yaml', ' --from-package publish/serverless-sessions.zip', '', 'api is not deployed from the package'],
    ['a service has no resource', main, "'azd-service-name': 'api'", "'azd-service-name': 'web'", 'azd finds web'],
    ['the plan has the tag, too', app, '  tags: tags\n', '  tags: union(tags, serviceTag)\n', 'azd finds api Microsoft.Web/serverfarms,api Microsoft.Web/sites'],
  ],
  'the guide gives the role that setting a secret takes, and takes it back': [
    ['a secret is set by who may not', guide, /az role assignment create --role "Key Vault Secrets Officer".*\n/, '', 'a secret is set without the role'],
    ['who set a secret may go on reading the keys', guide, /az role assignment delete .*\n/, '', 'the role on the vault is kept'],
    ['the role is on what is locked', guide, '--scope "$GROUP"', '--scope "$VAULT"', 'can only be taken back without its lock'],
    ['a line break gets into a secret', guide, 'printf %s "$PASSWORD"', 'echo "$PASSWORD"', 'the file of a secret may end in a line break'],
  ],
  'the findings of the linter are errors': [
    ['one is let through', 'infra/bicepconfig.json', '"no-unused-params": { "level": "error" }', '"no-unused-params": { "level": "warning" }', 'no-unused-params is no error'],
    ['versions stop deploying by their age', 'infra/bicepconfig.json', ', "maxAgeInDays": 3650', '', 'versions of the API grow too old by themselves'],
  ],
  'host.json suits the app and is explained': [
    ['events are sampled', 'host.json', '"Trace;Exception"', '"Exception"', 'events that alerts listen for are sampled away'],
    ['timers are cut off', 'host.json', '00:10:00', '00:05:00', 'a timer is cut off before its own limit'],
    ['a line of host.json is not explained', 'host.json', '"routePrefix"', '"hsts": { "maxAge": "10" }, "routePrefix"', "docs/operations.md doesn't explain maxAge"],
  ],
};
