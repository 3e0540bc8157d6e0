import type { Node } from 'web-tree-sitter';
import { body, literal, nodes, properties, template } from '../bicep.ts';
import { type Broken, type Sources, text } from '../sources.ts';
import { broken } from './language.ts';
import { sampleOf } from './settings.ts';

const file = 'infra/modules/alerts.bicep';

/** What somebody has to be told of. */
const wanted = ['availability', 'failed-requests', 'token-reuse', 'flagged-address', 'late-timer', 'storage-throttling'];

/** Each alert is there, tells somebody, and stands in the guide for operators. */
export function alerts(sources: Sources): Broken[] {
  const { root, resources } = template(file, text(sources, file));
  const guide = text(sources, 'docs/operations.md');
  const rules = resources.filter(({ label }) => /metricAlerts|scheduledQueryRules/.test(label));
  const names = [
    ...rules.map(rule => properties(body(rule)).get('name')?.text ?? '').filter(name => !name.includes('${alert.')),
    ...eventsOf(root).map(({ name }) => `'\${namePrefix}-${name}'`),
  ].map(name => name.replace(/^'\$\{namePrefix\}-|'$/g, ''));
  return broken(file, [
    ...wanted.filter(name => !names.includes(name)).map(name => `there is no alert ${name}`),
    ...rules.filter(rule => !nodes(body(rule), 'member_expression').some(member => member.text === 'people.id')).map(rule => `${rule.name} tells nobody`),
    ...names.filter(name => !guide.includes(`\`${name}\``)).map(name => `docs/operations.md doesn't explain the alert ${name}`),
  ]);
}

/** Alerts listen for events, metrics and timers that there are, under the names that they have. */
export function signals(sources: Sources): Broken[] {
  const { root } = template(file, text(sources, file));
  const guide = text(sources, 'docs/operations.md');
  const logged = ['src/Serverless.Functions/Log.cs', 'src/Serverless.Sessions/Log.cs']
    .flatMap(log => [...text(sources, log).matchAll(/LoggerMessage\((\d+),[^\n]*\n\s*public static partial void (\w+)\(/g)])
    .map(([, event, name]) => `${event} ${name}`);
  const timers = Object.keys(sampleOf(sources)).filter(name => name.endsWith('Schedule')).map(name => name.replace(/Schedule$/, ''));
  const query = text(sources, file);
  const limited = [...query.matchAll(/^ {4}"(\w+)", \d+[hm],?$/gm)].map(match => match[1] ?? '');
  return broken(file, [
    ...eventsOf(root).filter(({ event, eventName }) => !logged.includes(`${event} ${eventName}`)).map(({ event, eventName }) => `the app logs no event ${event} named ${eventName}`),
    ...eventsOf(root).filter(({ event }) => !guide.includes(`\n| ${event} |`)).map(({ event }) => `docs/operations.md has no event ${event}`),
    ...[...query.matchAll(/Name == "([^"]+)"/g)].map(match => match[1]).filter(name => !guide.includes(`\n| \`${name}\` |`)).map(name => `docs/operations.md has no metric ${name}`),
    ...timers.filter(timer => !limited.includes(timer)).map(timer => `no alert watches the timer ${timer}`),
    ...limited.filter(timer => !timers.includes(timer)).map(timer => `there is no timer ${timer}`),
  ]);
}

function eventsOf(root: Node): { name: string; event: string; eventName: string }[] {
  const list = nodes(root, 'variable_declaration').find(each => each.firstNamedChild?.text === 'securityEvents');
  return (list === undefined ? [] : nodes(list, 'object')).map(each => {
    const values = properties(each);
    return { name: literal(values.get('name')) ?? '', event: values.get('event')?.text ?? '', eventName: literal(values.get('eventName')) ?? '' };
  });
}
