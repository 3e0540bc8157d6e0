import { at, body, literal, nodes, properties, template } from '../bicep.ts';
import { type Broken, type Sources, text } from '../sources.ts';
import { broken } from './language.ts';
import { sampleOf } from './settings.ts';

/** What Azure measures and what the app tells. */
const metrics = 'infra/modules/alerts.bicep';
const logs = 'infra/modules/logalerts.bicep';

/** What somebody has to be told of. */
const wanted = ['availability', 'failed-requests', 'token-reuse', 'flagged-address', 'late-timer', 'storage-throttling'];

/** Each alert is there, tells somebody, and stands in the guide for operators. */
export function alerts(sources: Sources): Broken[] {
  const guide = text(sources, 'docs/operations.md');
  const rules = [metrics, logs].flatMap(file => template(file, text(sources, file)).resources.filter(({ label }) => /metricAlerts|scheduledQueryRules/.test(label)));
  const names = [
    ...rules.map(rule => properties(body(rule)).get('name')?.text ?? '').filter(name => !name.includes('${alert.')),
    ...eventsOf(sources).map(({ name }) => name),
  ].map(name => name.replace(/^'\$\{namePrefix\}-|'$/g, ''));
  const [, runbook = ''] = guide.split('\n## Runbook\n');
  // Each link names the beginning of a row.
  const leadsOn = (name: string) => {
    const row = guide.split('\n').find(line => line.startsWith(`| \`${name}\` |`)) ?? '';
    const links = [...row.matchAll(/\[([^\]]+)\]\(#runbook\)/g)].map(match => match[1]);
    return links.length > 0 && links.every(link => runbook.includes(`\n| ${link}`));
  };
  return broken('infra/modules', [
    ...wanted.filter(name => !names.includes(name)).map(name => `there is no alert ${name}`),
    ...rules.filter(rule => !/\b(actionGroupId: people\.id|actionGroups: \[\s+peopleId\s)/.test(rule.node.text)).map(rule => `${rule.name} tells nobody`),
    ...rules.filter(rule => rule.label.includes('scheduledQueryRules') && at(body(rule), 'properties.skipQueryValidation')?.text !== 'true').map(rule => `${rule.name} has its query tried before its table is there`),
    ...names.filter(name => !leadsOn(name)).map(name => `docs/operations.md doesn't lead from the alert ${name} to what to do`),
    ...names.filter(name => !guide.includes(`\n| \`${name}\` |`)).map(name => `docs/operations.md doesn't explain the alert ${name}`),
  ]);
}

/** Alerts listen for events, metrics and timers that there are, under the names that they have. */
export function signals(sources: Sources): Broken[] {
  const events = eventsOf(sources);
  const guide = text(sources, 'docs/operations.md');
  const logged = ['src/Serverless.Functions/Log.cs', 'src/Serverless.Sessions/Log.cs']
    .flatMap(log => [...text(sources, log).matchAll(/LoggerMessage\((\d+), [\w.]+, "([^\n]*)"\)\]\n\s*public static partial void (\w+)\(/g)])
    .map(([, event, message, name]) => ({ name: name ?? '', event: `${event} ${name}`, tellsEnd: message?.endsWith('; finished: {Finished}') ?? false }));
  const timers = Object.keys(sampleOf(sources)).filter(name => name.endsWith('Schedule')).map(name => name.replace(/Schedule$/, ''));
  const queries = text(sources, logs);
  const limited = [...queries.matchAll(/^ {4}"(\w+)", \d+[hm],?$/gm)].map(match => match[1] ?? '');
  const reports = [...queries.matchAll(/^ {4}"(\w+)", "(\w+)",?$/gm)].map(([, name = '', timer = '']) => ({ name, timer }));
  return broken(logs, [
    ...reports.filter(({ name }) => !logged.some(each => each.name === name && each.tellsEnd)).map(({ name }) => `the app logs no report ${name} that tells whether a run finished`),
    ...logged.filter(({ name, tellsEnd }) => tellsEnd && !reports.some(report => report.name === name)).map(({ name }) => `no alert watches the report ${name}`),
    ...reports.filter(({ timer }) => !timers.includes(timer)).map(({ timer }) => `there is no timer ${timer} of a report`),
    ...events.filter(({ event, eventName }) => !logged.some(each => each.event === `${event} ${eventName}`)).map(({ event, eventName }) => `the app logs no event ${event} named ${eventName}`),
    ...events.filter(({ event }) => !guide.includes(`\n| ${event} |`)).map(({ event }) => `docs/operations.md has no event ${event}`),
    ...[...queries.matchAll(/Name == "([^"]+)"/g)].map(match => match[1]).filter(name => !guide.includes(`\n| \`${name}\` |`)).map(name => `docs/operations.md has no metric ${name}`),
    ...timers.filter(timer => !limited.includes(timer)).map(timer => `no alert watches the timer ${timer}`),
    ...limited.filter(timer => !timers.includes(timer)).map(timer => `there is no timer ${timer}`),
  ]);
}

function eventsOf(sources: Sources): { name: string; event: string; eventName: string }[] {
  const list = template(logs, text(sources, logs)).variables.find(({ name }) => name === 'securityEvents');
  return (list === undefined ? [] : nodes(list.node, 'object')).map(each => {
    const values = properties(each);
    return { name: literal(values.get('name')) ?? '', event: values.get('event')?.text ?? '', eventName: literal(values.get('eventName')) ?? '' };
  });
}
