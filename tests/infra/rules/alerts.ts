import type { Project, Resource } from '../project.ts';
import { at, ofType } from './resources.ts';
import { sampleOf } from './settings.ts';

/** What somebody has to be told of; each app has its own test of the first. */
const wanted = ['availability', 'failed-requests', 'token-reuse', 'flagged-address', 'misconfigured', 'late-timer'];

/** Each alert is there, tells somebody, and leads operators to what to do. */
export function alerts(project: Project): Promise<string[]> {
  const guide = project.text('docs/operations.md');
  const [, runbook = ''] = guide.split('\n## Runbook\n');
  // Each link names the beginning of a row.
  const leadsOn = (name: string) => {
    const row = guide.split('\n').find(line => line.startsWith(`| \`${name}\``)) ?? '';
    const links = [...row.matchAll(/\[([^\]]+)\]\(#runbook\)/g)].map(match => match[1]);
    return links.length > 0 && links.every(link => runbook.includes(`\n| ${link}`));
  };
  return project.inEach(resources => {
    const people = ofType(resources, 'Microsoft.Insights/actionGroups')[0]?.id ?? '-';
    const group = ofType(resources, 'Microsoft.Resources/resourceGroups')[0]?.name.slice('rg-'.length);
    const rules = [...ofType(resources, 'Microsoft.Insights/metricAlerts'), ...queriesOf(resources)].map(rule => ({ rule, name: rule.name.replace(`${group}-`, '') }));
    const throttling = resources.some(({ type }) => type === 'Microsoft.DocumentDB/databaseAccounts') ? 'cosmos-throttling' : 'storage-throttling';
    return [
      ...[...wanted, throttling, ...(resources.some(({ type }) => type === 'Microsoft.Cache/redisEnterprise') ? ['redis-memory', 'redis-load'] : [])].filter(name => !rules.some(each => each.name === name)).map(name => `there is no alert ${name}`),
      ...rules.filter(({ rule }) => !JSON.stringify(at(rule, 'properties.actions')).includes(people)).map(({ name }) => `${name} tells nobody`),
      ...queriesOf(resources).filter(rule => at(rule, 'properties.skipQueryValidation') !== true).map(({ name }) => `${name} has its query tried before its table is there`),
      ...rules.map(({ name }) => name.replace('-secondary', '')).filter(name => !leadsOn(name)).map(name => `docs/operations.md doesn't lead from the alert ${name} to what to do`),
    ];
  });
}

/** Each app, in whichever region, is called from outside, and an alert hears of the answers; production has that on. */
export function availability(project: Project): Promise<string[]> {
  return project.inEach((resources, deployment) => ofType(resources, 'Microsoft.Web/sites').flatMap(site => {
    const test = ofType(resources, 'Microsoft.Insights/webtests').find(each => at(each, 'properties.Request.RequestUrl') === `https://${site.name}.azurewebsites.net/api/health/live`);
    const alert = ofType(resources, 'Microsoft.Insights/metricAlerts').find(each => test !== undefined && at(each, 'properties.criteria.webTestId') === test.id);
    if (test === undefined || alert === undefined) return ['an app is not watched from outside'];
    return deployment === 'main.prod' && !(at(test, 'properties.Enabled') === true && at(alert, 'properties.enabled') === true) ? ['production is not watched from outside'] : [];
  }));
}

/** Alerts listen for events, metrics and timers that there are, under the names that they have. */
export function signals(project: Project): Promise<string[]> {
  const guide = project.text('docs/operations.md');
  const logged = ['src/Serverless.Functions/Log.cs', 'src/Serverless.Sessions/Log.cs']
    .flatMap(log => [...project.text(log).matchAll(/LoggerMessage\((\d+), [^\]]*"([^\n]*)"\)\]\n\s*public static partial void (\w+)\(/g)])
    .map(([, event = '', message, name = '']) => ({ name, event: `${event} ${name}`, tellsEnd: message?.endsWith('; finished: {Finished}') ?? false }));
  const timers = Object.keys(sampleOf(project)).filter(name => name.endsWith('Schedule')).map(name => name.replace(/Schedule$/, ''));
  return project.inEach(resources => {
    const queries = queriesOf(resources).map(rule => (at(rule, 'properties.criteria.allOf') as { query: string }[])[0]?.query).join('\n');
    const events = [...queries.matchAll(/"EventName"\]\) == "(\w+)" or tostring\(Properties\["EventId"\]\) == "(\d+)"/g)].map(match => ({ event: match[2], name: `${match[2]} ${match[1]}` }));
    const limited = [...queries.matchAll(/^ {4}"(\w+)", \d+[hm],?$/gm)].map(match => match[1] ?? '');
    const reports = [...queries.matchAll(/^ {4}"(\w+)", "(\w+)",?$/gm)].map(([, name = '', timer = '']) => ({ name, timer }));
    return [
      ...reports.filter(({ name }) => !logged.some(each => each.name === name && each.tellsEnd)).map(({ name }) => `the app logs no report ${name} that tells whether a run finished`),
      ...logged.filter(({ name, tellsEnd }) => tellsEnd && !reports.some(report => report.name === name)).map(({ name }) => `no alert watches the report ${name}`),
      ...events.filter(({ name }) => !logged.some(each => each.event === name)).map(({ name }) => `the app logs no event ${name}`),
      ...events.filter(({ event }) => !guide.includes(`\n| ${event} |`)).map(({ event }) => `docs/operations.md has no event ${event}`),
      ...[...queries.matchAll(/Name == "([^"]+)"/g)].map(match => match[1]).filter(name => !guide.includes(`\n| \`${name}\` |`)).map(name => `docs/operations.md has no metric ${name}`),
      ...timers.filter(timer => !limited.includes(timer)).map(timer => `no alert watches the timer ${timer}`),
      ...[...limited, ...reports.map(({ timer }) => timer)].filter(timer => !timers.includes(timer)).map(timer => `there is no timer ${timer}`),
    ];
  });
}

function queriesOf(resources: Resource[]): Resource[] {
  return ofType(resources, 'Microsoft.Insights/scheduledQueryRules');
}
