import { describe, expect, test } from 'vitest';
import { rules } from './rules/all.ts';
import { changed, readSources } from './sources.ts';

/** What somebody could do wrong: in which file, what would stand there instead of what, and what its rule must say then. */
type Slip = readonly [slip: string, file: string, from: string | RegExp, to: string, says: string | RegExp];

const main = 'infra/main.bicep';
const app = 'infra/modules/functionapp.bicep';
const host = 'infra/modules/hoststorage.bicep';
const data = 'infra/modules/datastorage.bicep';
const cosmos = 'infra/modules/cosmosstore.bicep';
const vault = 'infra/modules/keyvault.bicep';
const monitoring = 'infra/modules/monitoring.bicep';
const alerts = 'infra/modules/logalerts.bicep';
const workflow = '.github/workflows/ci.yml';

const roleOf = (name: string) => new RegExp(`resource ${name} '[^]*?\\n}\\]?\\n`);

const slips: { readonly [rule in keyof typeof rules]: Slip[] } = {
  'every file is Bicep': [
    ['a brace is missing', data, 'sku: {', 'sku:', /is no Bicep/],
    ['a parameter file breaks off', 'infra/main.dev.bicepparam', /\]\n/, '\n', /is no Bicep/],
  ],
  'every parameter, output and member of a type is described': [
    [
      'a parameter loses its description', main,
      "@description('How many instances are kept running for requests. None costs nothing and makes the first request after a pause wait.')\n",
      '', 'alwaysReadyInstances has no description',
    ],
    ['an output loses its description', vault, "@description('The address of the vault.')\n", '', 'uri has no description'],
    [
      'a setting has an empty description', 'infra/settings.bicep',
      "@description('How long an access token is valid.')",
      "@description('')", 'Tokens__AccessTokenLifetime has no description',
    ],
  ],
  'every API version comes from the list': [
    ['a resource has a version of its own', vault, 'vaults@2025-05-01', 'vaults@2019-09-01', /2019-09-01, and the list says 2025-05-01/],
    [
      'the list has a type that nothing is of', 'infra/api-versions.json',
      '{',
      '{\n  "Microsoft.Cache/redis": "2024-11-01",', 'nothing is of type Microsoft.Cache/redis',
    ],
    ['a preview says nothing to the linter', vault, '#disable-next-line use-recent-api-versions\n', '', 'audit is of a preview without a reason'],
    ['a preview says no reason', vault, /\/\/ A preview since 2021.*\n/, '', 'audit is of a preview without a reason'],
    ['a child of a resource is of an unknown type', host, "packages 'containers'", "packages 'container'", /blobServices\/container has version/],
  ],
  'every symbol that is used exists, and the other way round': [
    ['a symbol is misspelt', main, 'param store string', 'param stor string', 'store is declared nowhere'],
    ['the variable of a loop is used outside of it', data, 'name: redundancy', 'name: tableName', 'tableName is declared nowhere'],
    ['a parameter is never used', monitoring, 'retentionInDays: retentionDays', 'retentionInDays: 30', 'retentionDays is never used'],
    [
      'a function does not exist', main,
      'toLower(uniqueString(subscription().id, environmentName, location))',
      'lower(uniqueString(subscription().id, environmentName, location))', 'lower() is no function',
    ],
  ],
  'every module is there and gets what it asks for': [
    ['a module lies elsewhere', main, "'modules/keyvault.bicep'", "'modules/vault.bicep'", 'modules/vault.bicep is no file'],
    ['a module does not get what it needs', main, '    softDeleteDays: vaultSoftDeleteDays\n', '', 'keyVault needs softDeleteDays'],
    ['a module gets what it does not know', main, '    softDeleteDays: vault', '    softDelete: vault', 'keyVault has no parameter softDelete'],
    ['a module is asked for what it does not give', main, 'keyVault.outputs.uri', 'keyVault.outputs.url', 'keyVault gives no url'],
    ['a type is imported from where it is not', app, "'../settings.bicep'", "'../main.bicep'", '../main.bicep exports no productSettings'],
  ],
  'every parameter file fits main.bicep': [
    [
      'a parameter file misspells a parameter', 'infra/main.prod.bicepparam',
      'param alertEmail',
      'param alertMail', 'main.bicep has no parameter alertMail',
    ],
    [
      'a parameter file gives a value that is not allowed', 'infra/main.prod.bicepparam',
      "'Standard_ZRS'",
      "'Premium_ZRS'", /dataRedundancy is none of/,
    ],
    [
      'a parameter file leaves a range', 'infra/main.dev.bicepparam',
      'vaultSoftDeleteDays = 7',
      'vaultSoftDeleteDays = 5', 'vaultSoftDeleteDays is out of its range',
    ],
    [
      'a parameter file forgets what is needed', 'infra/main.prod.bicepparam',
      "param environmentName = 'sessions-prod'\n",
      '', 'environmentName is missing',
    ],
  ],
  'two regions have an address of their own': [
    ['a second region gets the address of the first', main, 'twoRegions ? fail(noAddress) : ', '', 'a second region goes without publicUrl'],
  ],
  'the identity has its roles, the right ones, and has them before the app starts': [
    ['the role on the host account is removed', host, roleOf('hostRole'), '', /the role Storage Blob Data Owner is not assigned once/],
    ['the role on the tables is removed', data, roleOf('tableRoles'), '', /the role Storage Table Data Contributor is not assigned once/],
    ['the role on the vault is removed', vault, roleOf('keysRole'), '', /the role Key Vault Secrets Officer is not assigned once/],
    ['the role on Application Insights is removed', monitoring, roleOf('telemetryRole'), '', /the role Monitoring Metrics Publisher is not assigned once/],
    ['the role of Cosmos DB is removed', cosmos, roleOf('storeRole'), '', /Cosmos DB Built-in Data Contributor is not assigned once/],
    [
      'a role is a greater one', data,
      '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3',
      'b24988ac-6180-42a0-ab88-20f7382dd24c', /b24988ac.* is none of those that the app should have/,
    ],
    ['a role reaches further than the tables', data, 'scope: tables[i]', 'scope: account', /on Microsoft.Storage\/storageAccounts is none of those/],
    ['a role says no type of its principal', vault, "    principalType: 'ServicePrincipal'\n", '', 'keysRole says no principalType'],
    [
      'the app does not wait for the role on the vault', main,
      /vaultUri: keyVault\.outputs\.uri/g,
      "vaultUri: 'https://kv'", /app doesn't wait for the roles of keyVault/,
    ],
  ],
  'nothing can be got into with a key or without encryption': [
    ['storage takes keys', data, 'allowSharedKeyAccess: false', 'allowSharedKeyAccess: true', 'account.properties.allowSharedKeyAccess is not false'],
    ['storage takes old TLS', host, "'TLS1_2'", "'TLS1_0'", "account.properties.minimumTlsVersion is not 'TLS1_2'"],
    ['the vault can be purged', vault, '    enablePurgeProtection: true\n', '', 'vault.properties.enablePurgeProtection is not true'],
    ['Application Insights takes keys', monitoring, '    DisableLocalAuth: true\n', '', 'insights.properties.DisableLocalAuth is not true'],
  ],
  'no secret is read or put out': [
    [
      'an output is a secret', monitoring,
      'output insightsId string = insights.id',
      'output insightsId string = insights.properties.ConnectionString', 'the output insightsId may hold a secret',
    ],
    [
      'a key is read', host,
      'output blobEndpoint string = account.properties.primaryEndpoints.blob',
      'output blobEndpoint string = account.listKeys().keys[0].value', /account\.listKeys\(\) reads a secret/,
    ],
  ],
  'every setting of the app is known to the templates, and the other way round': [
    [
      'a setting is misspelt', 'infra/settings.bicep',
      'Sessions__Grace:',
      'Sessions__Grac:', 'Sessions__Grac is no setting of the app',
    ],
    ['a setting is forgotten', 'infra/settings.bicep', '  Keys__SecretName: string?\n', '', 'Keys__SecretName is missing'],
    ['the app has a new setting', 'local.settings.sample.json', '"Values": {', '"Values": { "Sessions__New": "1",', 'Sessions__New is missing'],
    [
      'a setting of the deployment is misspelt', app,
      'Storage__TableServiceUri:',
      'Storage__TablesUri:', 'Storage__TablesUri is no setting of the app',
    ],
    [
      'the platform gets a setting that Flex Consumption refuses', app,
      '  AZURE_CLIENT_ID:',
      "  FUNCTIONS_WORKER_RUNTIME: 'dotnet-isolated'\n  AZURE_CLIENT_ID:", 'FUNCTIONS_WORKER_RUNTIME is none that the platform reads',
    ],
    [
      'a schedule is another one', app,
      "PurgeOldLogsSchedule: '0 40 * * * *'",
      "PurgeOldLogsSchedule: '0 41 * * * *'", 'PurgeOldLogsSchedule is not as in the sample',
    ],
  ],
  'parameter files set what there is to set, and no secret': [
    ['a parameter file misspells a setting', 'infra/main.dev.bicepparam', 'Cookies__SameSite', 'Cookies__SameSit', 'Cookies__SameSit is no setting'],
    [
      'a parameter file holds a secret', 'infra/main.dev.bicepparam',
      "Cookies__SameSite: 'None'",
      "Captcha__Secret: 'abc'", 'Captcha__Secret is a secret and no Key Vault reference',
    ],
  ],
  'the tables are those that the app uses': [
    ['a table is not made', main, "'Security', 'Statistics'", "'Statistics'", /the app uses Accounts,Sessions,Timeline,Security,Statistics/],
  ],
  'every alert is there, tells somebody and is explained': [
    ['an alert tells nobody', alerts, /actionGroups: \[\n\s+peopleId\n/, 'actionGroups: [\n', 'failures tells nobody'],
    ['Azure tries a query before its table is there', alerts, '    skipQueryValidation: true\n', '', 'failures has its query tried before its table is there'],
    [
      'the runbook has no row of an alert', 'docs/operations.md',
      '\n| a timer lags |', '\n| a timer is late |', "docs/operations.md doesn't lead from the alert late-timer to what to do",
    ],
    [
      'an alert says nothing of what to do', 'docs/operations.md',
      '| event 2003 | logs | [2003](#runbook) |', '| event 2003 | logs | |', "docs/operations.md doesn't lead from the alert flagged-address to what to do",
    ],
    ['an alert is removed', alerts, /resource timers [^]*?\n}\n/, '', 'there is no alert late-timer'],
  ],
  'alerts listen for events, metrics and timers that there are': [
    [
      'an alert listens for an event of another name', alerts,
      "eventName: 'TokenReused'",
      "eventName: 'TokenReuse'", 'the app logs no event 2001 named TokenReuse',
    ],
    [
      'the app renames an event', 'src/Serverless.Sessions/Log.cs',
      'void AddressFlagged(',
      'void IpFlagged(', 'the app logs no event 2003 named AddressFlagged',
    ],
    [
      'an alert listens for no metric of ours', alerts,
      '"serverless.timers.run.duration"',
      '"serverless.timer.run.duration"', 'docs/operations.md has no metric serverless.timer.run.duration',
    ],
    [
      'the app renames the report of a timer', 'src/Serverless.Functions/Log.cs',
      'void RolledUp(',
      'void Counted(', 'the app logs no report RolledUp that tells whether a run finished',
    ],
    ['a report says in other words that a run did not finish', 'src/Serverless.Functions/Log.cs', 'rows unreadable; finished:', 'rows unreadable; done:', 'the app logs no report Purged that tells whether a run finished'],
    ['no alert watches a report', alerts, '    "AlertsRaised", "RaiseSecurityAlerts",\n', '', 'no alert watches the report AlertsRaised'],
    ['no alert watches a timer', alerts, '    "PurgeOldLogs", 4h,\n', '', 'no alert watches the timer PurgeOldLogs'],
  ],
  'actions are pinned, and jobs may what they need': [
    [
      'an action is pinned to a tag', workflow,
      'azure/login@f5d393ae46f8fde4be8b75f32e3fc50e654ad0ca # v3.0.1',
      'azure/login@v3', 'not pinned: - uses: azure/login@v3',
    ],
    ['a job may write', workflow, 'contents: read', 'contents: write', /test may \{"contents":"write"\}/],
    [
      'the deployment needs no approval', workflow,
      / {4}environment:\n\s+name: production\n\s+url: .*\n/,
      '', 'deploy deploys without the environment production',
    ],
    ['the deployment does not wait for the tests', workflow, 'needs: [test, build,', 'needs: [build,', "deploy doesn't wait for every other job"],
    ['a secret is used', workflow, '${{ vars.AZURE_TENANT_ID }}', '${{ secrets.AZURE_TENANT_ID }}', 'a secret is used'],
    [
      'a script holds an expression', workflow,
      '- run: dotnet dev.cs publish',
      '- run: dotnet dev.cs publish ${{ github.head_ref }}', 'package has an expression within a script',
    ],
  ],
  'azd deploys the package that publish makes': [
    ['azd deploys what it built itself', 'azure.yaml', ' --from-package publish/serverless-sessions.zip', '', 'api is not deployed from the package'],
    ['a service has no resource', main, "'azd-service-name': 'api'", "'azd-service-name': 'web'", 'no resource is tagged api'],
  ],
  'the guide gives the role that setting a secret takes, and takes it back': [
    ['a secret is set by who may not', 'docs/operations.md', /az role assignment create --role "Key Vault Secrets Officer".*\n/, '', 'a secret is set without the role'],
    ['who set a secret may go on reading the keys', 'docs/operations.md', /az role assignment delete .*\n/, '', 'the role on the vault is kept'],
    ['a line break gets into a secret', 'docs/operations.md', 'printf %s "$PASSWORD"', 'echo "$PASSWORD"', 'the file of a secret may end in a line break'],
  ],
  'the findings of the linter are errors': [
    [
      'a finding of the linter is let through', 'infra/bicepconfig.json',
      '"no-unused-params": { "level": "error" }',
      '"no-unused-params": { "level": "warning" }', 'no-unused-params is no error',
    ],
    ['versions stop deploying by their age', 'infra/bicepconfig.json', ', "maxAgeInDays": 3650', '', 'versions of the API grow too old by themselves'],
  ],
  'host.json suits the app and is explained': [
    ['events are sampled', 'host.json', '"Trace;Exception"', '"Exception"', 'events that alerts listen for are sampled away'],
    ['timers are cut off', 'host.json', '00:10:00', '00:05:00', 'a timer is cut off before its own limit'],
    [
      'a line of host.json is not explained', 'host.json',
      '"routePrefix"',
      '"hsts": { "maxAge": "10" }, "routePrefix"', "docs/operations.md doesn't explain maxAge",
    ],
  ],
};

const sources = readSources();

for (const [rule, broken] of Object.entries(slips) as [keyof typeof rules, Slip[]][]) {
  describe(`that ${rule} fails when`, () => {
    test.each(broken)('%s', (_, file, from, to, says) => {
      const found = rules[rule](changed(sources, file, from, to)).map(each => each.what);
      expect(found).toContainEqual(typeof says === 'string' ? says : expect.stringMatching(says));
    });
  });
}

test('each rule is broken by a slip', () => expect(Object.values(slips).every(each => each.length > 0)).toBe(true));
