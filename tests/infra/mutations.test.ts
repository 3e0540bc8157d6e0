import { describe, expect, test } from 'vitest';
import { rules } from './rules/all.ts';
import { changed, readSources } from './sources.ts';

/** A slip that somebody could make, the rule that must see it, and what it must say. */
interface Mutation {
  readonly slip: string;
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly rule: keyof typeof rules;
  readonly says: string | RegExp;
}

const sources = readSources();
const roleOf = (name: string) => new RegExp(`resource ${name} 'Microsoft.Authorization[^]*?\\n}\\n`);
const [main, app, host, data, vault, monitoring, cosmos, alerts] = [
  'infra/main.bicep', ...['functionapp', 'hoststorage', 'datastorage', 'keyvault', 'monitoring', 'cosmosstore', 'alerts'].map(name => `infra/modules/${name}.bicep`),
] as [string, string, string, string, string, string, string, string];
const workflow = '.github/workflows/ci.yml';

const language = 'every symbol that is used exists, and the other way round';
const roles = 'the identity has its roles, the right ones, and has them before the app starts';
const keyless = 'nothing can be got into with a key or without encryption';
const noSecret = 'no secret is read or put out';
const settings = 'every setting of the app is known to the templates, and the other way round';
const jobs = 'actions are pinned, and jobs may what they need';
const calls = 'every module is there and gets what it asks for';
const values = 'every parameter file fits main.bicep';
const listens = 'alerts listen for events, metrics and timers that there are';

const mutations: Mutation[] = [
  { slip: 'a brace is missing', file: data, from: 'sku: {', to: 'sku:', rule: 'every file is Bicep', says: /is no Bicep/ },
  { slip: 'a parameter file breaks off', file: 'infra/main.dev.bicepparam', from: /\]\n/, to: '\n', rule: 'every file is Bicep', says: /is no Bicep/ },
  { slip: 'a parameter loses its description', file: main, from: "@description('How many instances are kept running for requests. None costs nothing and makes the first request after a pause wait.')\n", to: '', rule: 'every parameter, output and member of a type is described', says: 'alwaysReadyInstances has no description' },
  { slip: 'an output loses its description', file: vault, from: "@description('The address of the vault.')\n", to: '', rule: 'every parameter, output and member of a type is described', says: 'uri has no description' },
  { slip: 'a setting has an empty description', file: 'infra/settings.bicep', from: "@description('How long an access token is good.')", to: "@description('')", rule: 'every parameter, output and member of a type is described', says: 'Tokens__AccessTokenSeconds has no description' },
  { slip: 'a resource has a version of its own', file: vault, from: 'vaults@2025-05-01', to: 'vaults@2019-09-01', rule: 'every API version comes from the list', says: /2019-09-01, and the list says 2025-05-01/ },
  { slip: 'the list has a type that nothing is of', file: 'infra/api-versions.json', from: '{', to: '{\n  "Microsoft.Cache/redis": "2024-11-01",', rule: 'every API version comes from the list', says: 'nothing is of type Microsoft.Cache/redis' },
  { slip: 'a child of a resource is of an unknown type', file: host, from: "packages 'containers'", to: "packages 'container'", rule: 'every API version comes from the list', says: /blobServices\/container has version/ },
  { slip: 'a symbol is misspelt', file: main, from: 'param store string', to: 'param stor string', rule: language, says: 'store is declared nowhere' },
  { slip: 'the variable of a loop is used outside of it', file: data, from: 'name: redundancy', to: 'name: tableName', rule: language, says: 'tableName is declared nowhere' },
  { slip: 'a parameter is never used', file: monitoring, from: 'retentionInDays: retentionDays', to: 'retentionInDays: 30', rule: language, says: 'retentionDays is never used' },
  { slip: 'a function does not exist', file: main, from: 'toLower(uniqueString(subscription().id, environmentName, location))', to: 'lower(uniqueString(subscription().id, environmentName, location))', rule: language, says: 'lower() is no function' },
  { slip: 'a module lies elsewhere', file: main, from: "'modules/keyvault.bicep'", to: "'modules/vault.bicep'", rule: calls, says: 'modules/vault.bicep is no file' },
  { slip: 'a module does not get what it needs', file: main, from: '    softDeleteDays: vaultSoftDeleteDays\n', to: '', rule: calls, says: 'keyVault needs softDeleteDays' },
  { slip: 'a module gets what it does not know', file: main, from: '    softDeleteDays: vault', to: '    softDelete: vault', rule: calls, says: 'keyVault has no parameter softDelete' },
  { slip: 'a module is asked for what it does not give', file: main, from: 'keyVault.outputs.uri', to: 'keyVault.outputs.url', rule: calls, says: 'keyVault gives no url' },
  { slip: 'a type is imported from where it is not', file: app, from: "'../settings.bicep'", to: "'../main.bicep'", rule: calls, says: '../main.bicep exports no productSettings' },
  { slip: 'a parameter file misspells a parameter', file: 'infra/main.prod.bicepparam', from: 'param alertEmail', to: 'param alertMail', rule: values, says: 'main.bicep has no parameter alertMail' },
  { slip: 'a parameter file gives a value that is not allowed', file: 'infra/main.prod.bicepparam', from: "'Standard_ZRS'", to: "'Premium_ZRS'", rule: values, says: /dataRedundancy is none of/ },
  { slip: 'a parameter file leaves a range', file: 'infra/main.dev.bicepparam', from: 'vaultSoftDeleteDays = 7', to: 'vaultSoftDeleteDays = 5', rule: values, says: 'vaultSoftDeleteDays is out of its range' },
  { slip: 'a parameter file forgets what is needed', file: 'infra/main.prod.bicepparam', from: "param environmentName = 'sessions-prod'\n", to: '', rule: values, says: 'environmentName is missing' },
  ...[[host, 'hostRole', 'Storage Blob Data Owner'], [data, 'tableRoles', 'Storage Table Data Contributor'], [vault, 'keysRole', 'Key Vault Secrets Officer'], [monitoring, 'telemetryRole', 'Monitoring Metrics Publisher']]
    .map(([file = '', name = '', role = '']): Mutation => ({ slip: `the role ${role} is removed`, file, from: name === 'tableRoles' ? /resource tableRoles [^]*?\n}\]\n/ : roleOf(name), to: '', rule: roles, says: new RegExp(`the role ${role} is not assigned once`) })),
  { slip: 'the role of Cosmos DB is removed', file: cosmos, from: /resource storeRole [^]*?\n}\n/, to: '', rule: roles, says: /Cosmos DB Built-in Data Contributor is not assigned once/ },
  { slip: 'a role is a greater one', file: data, from: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3', to: 'b24988ac-6180-42a0-ab88-20f7382dd24c', rule: roles, says: /b24988ac.* is none of those that the app should have/ },
  { slip: 'a role reaches further than the tables', file: data, from: 'scope: tables[i]', to: 'scope: account', rule: roles, says: /on Microsoft.Storage\/storageAccounts is none of those/ },
  { slip: 'a role says no type of its principal', file: vault, from: "    principalType: 'ServicePrincipal'\n", to: '', rule: roles, says: 'keysRole says no principalType' },
  { slip: 'the app does not wait for the role on the vault', file: main, from: /vaultUri: keyVault\.outputs\.uri/g, to: "vaultUri: 'https://kv'", rule: roles, says: /app doesn't wait for the roles of keyVault/ },
  { slip: 'storage takes keys', file: data, from: 'allowSharedKeyAccess: false', to: 'allowSharedKeyAccess: true', rule: keyless, says: 'account.properties.allowSharedKeyAccess is not false' },
  { slip: 'storage takes old TLS', file: host, from: "'TLS1_2'", to: "'TLS1_0'", rule: keyless, says: "account.properties.minimumTlsVersion is not 'TLS1_2'" },
  { slip: 'the vault can be purged', file: vault, from: '    enablePurgeProtection: true\n', to: '', rule: keyless, says: 'vault.properties.enablePurgeProtection is not true' },
  { slip: 'Application Insights takes keys', file: monitoring, from: '    DisableLocalAuth: true\n', to: '', rule: keyless, says: 'insights.properties.DisableLocalAuth is not true' },
  { slip: 'an output is a secret', file: monitoring, from: 'output insightsId string = insights.id', to: 'output insightsId string = insights.properties.ConnectionString', rule: noSecret, says: 'the output insightsId may hold a secret' },
  { slip: 'a key is read', file: host, from: 'output blobEndpoint string = account.properties.primaryEndpoints.blob', to: 'output blobEndpoint string = account.listKeys().keys[0].value', rule: noSecret, says: /account\.listKeys\(\) reads a secret/ },
  { slip: 'a setting is misspelt', file: 'infra/settings.bicep', from: 'Sessions__GraceSeconds', to: 'Sessions__GracSeconds', rule: settings, says: 'Sessions__GracSeconds is no setting of the app' },
  { slip: 'a setting is forgotten', file: 'infra/settings.bicep', from: '  Keys__MacKeyDays: string?\n', to: '', rule: settings, says: 'Keys__MacKeyDays is missing' },
  { slip: 'the app has a new setting', file: 'local.settings.sample.json', from: '"Values": {', to: '"Values": { "Sessions__New": "1",', rule: settings, says: 'Sessions__New is missing' },
  { slip: 'a setting of the deployment is misspelt', file: app, from: 'Storage__TableServiceUri:', to: 'Storage__TablesUri:', rule: settings, says: 'Storage__TablesUri is no setting of the app' },
  { slip: 'the platform gets a setting that Flex Consumption refuses', file: app, from: '  AZURE_CLIENT_ID:', to: "  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n  AZURE_CLIENT_ID:", rule: settings, says: 'FUNCTIONS_WORKER_RUNTIME is none that the platform reads' },
  { slip: 'a schedule is another one', file: app, from: "PurgeOldLogsSchedule: '0 40 * * * *'", to: "PurgeOldLogsSchedule: '0 41 * * * *'", rule: settings, says: 'PurgeOldLogsSchedule is not as in the sample' },
  { slip: 'a parameter file misspells a setting', file: 'infra/main.dev.bicepparam', from: 'Cookies__SameSite', to: 'Cookies__SameSit', rule: 'parameter files set what there is to set, and no secret', says: 'Cookies__SameSit is no setting' },
  { slip: 'a parameter file holds a secret', file: 'infra/main.dev.bicepparam', from: "Cookies__SameSite: 'None'", to: "Captcha__Secret: 'abc'", rule: 'parameter files set what there is to set, and no secret', says: 'Captcha__Secret is a secret and no Key Vault reference' },
  { slip: 'a table is not made', file: main, from: "'Security', 'Statistics'", to: "'Statistics'", rule: 'the tables are those that the app uses', says: /the app uses Accounts,Sessions,Timeline,Security,Statistics/ },
  { slip: 'an alert tells nobody', file: alerts, from: /actionGroups: \[\n\s+people\.id\n/, to: 'actionGroups: [\n', rule: 'every alert is there, tells somebody and is explained', says: 'failures tells nobody' },
  { slip: 'an alert is removed', file: alerts, from: /resource timers [^]*?\n}\n/, to: '', rule: 'every alert is there, tells somebody and is explained', says: 'there is no alert late-timer' },
  { slip: 'an alert listens for an event of another name', file: alerts, from: "eventName: 'TokenReused'", to: "eventName: 'TokenReuse'", rule: listens, says: 'the app logs no event 2001 named TokenReuse' },
  { slip: 'the app renames an event', file: 'src/Serverless.Sessions/Log.cs', from: 'void AddressFlagged(', to: 'void IpFlagged(', rule: listens, says: 'the app logs no event 2003 named AddressFlagged' },
  { slip: 'an alert listens for no metric of ours', file: alerts, from: '"serverless.timers.run.duration"', to: '"serverless.timer.run.duration"', rule: listens, says: 'docs/operations.md has no metric serverless.timer.run.duration' },
  { slip: 'no alert watches a timer', file: alerts, from: '    "PurgeOldLogs", 4h,\n', to: '', rule: listens, says: 'no alert watches the timer PurgeOldLogs' },
  { slip: 'an action is pinned to a tag', file: workflow, from: 'azure/login@f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca # v3.0.1', to: 'azure/login@v3', rule: jobs, says: 'not pinned: - uses: azure/login@v3' },
  { slip: 'a job may write', file: workflow, from: 'contents: read', to: 'contents: write', rule: jobs, says: /test may \{"contents":"write"\}/ },
  { slip: 'the deployment needs no approval', file: workflow, from: / {4}environment:\n\s+name: production\n\s+url: .*\n/, to: '', rule: jobs, says: 'deploy deploys without the environment production' },
  { slip: 'the deployment does not wait for the tests', file: workflow, from: 'needs: [test, build,', to: 'needs: [build,', rule: jobs, says: "deploy doesn't wait for every other job" },
  { slip: 'a secret is used', file: workflow, from: '${{ vars.AZURE_TENANT_ID }}', to: '${{ secrets.AZURE_TENANT_ID }}', rule: jobs, says: 'a secret is used' },
  { slip: 'a script holds an expression', file: workflow, from: '- run: dotnet dev.cs publish', to: '- run: dotnet dev.cs publish ${{ github.head_ref }}', rule: jobs, says: 'package has an expression within a script' },
  { slip: 'azd deploys what it built itself', file: 'azure.yaml', from: ' --from-package publish/serverless-sessions.zip', to: '', rule: 'azd deploys the package that publish makes', says: 'api is not deployed from the package' },
  { slip: 'a service has no resource', file: main, from: "'azd-service-name': 'api'", to: "'azd-service-name': 'web'", rule: 'azd deploys the package that publish makes', says: 'no resource is tagged api' },
  { slip: 'a finding of the linter is let through', file: 'infra/bicepconfig.json', from: '"no-unused-params": { "level": "error" }', to: '"no-unused-params": { "level": "warning" }', rule: 'the findings of the linter are errors', says: 'no-unused-params is no error' },
  { slip: 'events are sampled', file: 'host.json', from: '"Trace;Exception"', to: '"Exception"', rule: 'host.json suits the app and is explained', says: 'events that alerts listen for are sampled away' },
  { slip: 'timers are cut off', file: 'host.json', from: '00:10:00', to: '00:05:00', rule: 'host.json suits the app and is explained', says: 'a timer is cut off before its own limit' },
  { slip: 'a line of host.json is not explained', file: 'host.json', from: '"routePrefix"', to: '"hsts": { "maxAge": "10" }, "routePrefix"', rule: 'host.json suits the app and is explained', says: "docs/operations.md doesn't explain maxAge" },
];

describe('a rule says so when', () => {
  for (const { slip, file, from, to, rule, says } of mutations) {
    test(slip, () => {
      const found = rules[rule](changed(sources, file, from, to)).map(each => each.what);
      expect(found).toContainEqual(typeof says === 'string' ? says : expect.stringMatching(says));
    });
  }

  test('each rule is broken by one of these', () => expect(Object.keys(rules).filter(rule => !mutations.some(each => each.rule === rule))).toEqual([]));
});
