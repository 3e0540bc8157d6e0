import type { Project, Resource } from '../project.ts';
import { at, ofType } from './resources.ts';

const month = 30 * 24 * 60 * 60;

/** docs/scaling.md states what the snapshots cost, at its own prices and with its own model of a session. */
export async function costs(project: Project): Promise<string[]> {
  const page = project.text('docs/scaling.md');
  const price = Object.fromEntries(table(page, 'price').map(([name = '', dollars]) => [name.replace(' *', ''), Number(dollars)]));
  const timers = table(page, 'timer').find(([name]) => name === '**timers**') ?? [];
  const session = {
    transactions: number(table(page, 'operation').find(([name]) => name === '**storage transactions**')?.[4]) / 1e6,
    bytes: table(page, 'row').slice(0, -1).reduce((sum, [, rows, bytes, days]) => sum + (number(rows) * number(bytes) * number(days)) / 30, 0),
    requests: number(table(page, 'requests')[0]?.[1]),
  };
  const [dev, production] = await Promise.all([project.resources('main.dev'), project.resources('main.prod')]);
  const columns = [
    of(dev, 0), of(production, 0), of(production, 10_000), of(production, 1_000_000),
  ];
  const stated = table(page, 'a month, US$');
  return Object.keys(columns[0] ?? {}).flatMap(name => {
    const row = `| ${name} | ${columns.map(column => (column[name] ?? 0).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })).join(' | ')} |`;
    return stated.some(cells => `| ${cells.join(' | ')} |` === row) ? [] : [row];
  });

  function of(resources: Resource[], users: number): Record<string, number> {
    const site = ofType(resources, 'Microsoft.Web/sites')[0];
    const scale = at(site ?? {}, 'properties.functionAppConfig.scaleAndConcurrency') as { instanceMemoryMB: number; maximumInstanceCount: number; alwaysReady: { instanceCount: number }[] };
    const gigabytes = scale.instanceMemoryMB / 1024;
    const groups = 1 + Object.keys(ofType(resources, 'Microsoft.Web/sites/config')[0]?.properties ?? {}).filter(name => name.endsWith('Schedule')).length;
    const ready = at(ofType(resources, 'Microsoft.Web/serverfarms')[0] ?? {}, 'properties.zoneRedundant') === true ? 2 * groups
      : scale.alwaysReady.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
    const zones = ofType(resources, 'Microsoft.Storage/storageAccounts').find(({ name }) => name.startsWith('stdata'))?.sku?.name.includes('ZRS');
    const runs = number(timers[1]);
    // Requests that come at random share seconds: of those of a month, this many have at least one.
    const busy = month * (1 - Math.exp((-users * session.requests) / month));
    const rules = ofType(resources, 'Microsoft.Insights/scheduledQueryRules').map(rule => at(rule, 'properties.evaluationFrequency'));
    const tests = ofType(resources, 'Microsoft.Insights/webtests').map(({ properties }) => properties as { Enabled: boolean; Frequency: number; Locations: object[] });
    const parts = {
      'transactions of the timers': number(timers[4]) * (price['transactions of table storage'] ?? NaN) / 10_000,
      'runs of the timers': runs * ((price['executions, Flex Consumption'] ?? NaN) / 1e6 + gigabytes * (price['execution time, Flex Consumption'] ?? NaN)),
      'instances that are always ready': ready * gigabytes * month * (price['an instance that is always ready'] ?? NaN),
      'their reads of the key ring in the vault': ready * (month / 300) * (price['operations of a key vault'] ?? NaN) / 10_000,
      'alert rules over logs': rules.reduce((sum: number, every) => sum + (price[`alert rule over logs, every ${every === 'PT5M' ? 5 : 15} minutes`] ?? NaN), 0),
      'alert rules over metrics': ofType(resources, 'Microsoft.Insights/metricAlerts').filter(rule => at(rule, 'properties.enabled') === true).length * (price['alert rule over a metric'] ?? NaN),
      'availability test': tests.reduce((sum, test) => sum + (test.Enabled ? test.Locations.length * month / test.Frequency : 0), 0) * (price['call of an availability test'] ?? NaN),
      'transactions of sessions': users * session.transactions * (price['transactions of table storage'] ?? NaN) / 10_000,
      'rows of sessions': users * session.bytes / 1e9 * (price[zones ? 'storage, table, in several zones' : 'storage, table'] ?? NaN),
      'traces in Log Analytics': (runs + number(timers[4]) + users * (session.requests + session.transactions)) / 1e6 * (price['logs, with 1 KB for a span'] ?? NaN),
      'executions of requests': users * session.requests * (price['executions, Flex Consumption'] ?? NaN) / 1e6,
      'time of requests': busy * gigabytes * (price[ready > 0 ? 'execution time, always ready' : 'execution time, Flex Consumption'] ?? NaN),
    };
    return {
      ...parts,
      '**in all**': Object.values(parts).reduce((sum, part) => sum + part),
      'the most that requests can use': scale.maximumInstanceCount * gigabytes * month * (price['execution time, Flex Consumption'] ?? NaN),
    };
  }
}

function table(page: string, first: string): string[][] {
  const lines = page.slice(page.indexOf(`\n| ${first} |`) + 1).split('\n');
  const end = lines.findIndex(line => !line.startsWith('|'));
  return lines.slice(2, end).map(line => line.slice(1, -1).split('|').map(cell => cell.trim()));
}

function number(cell: string | undefined): number {
  return Number(cell?.replaceAll(',', ''));
}
