import type { Project, Resource } from '../project.ts';
import { at, ofType } from './resources.ts';

const month = 30 * 24 * 60 * 60;

/** For how long an instance stays after a timer or a request, in seconds: an assumption of the page. */
const stay = 10 * 60;

/** docs/scaling.md states what the snapshots cost, at its own prices, with its own model of a session and its own count of records. */
export async function costs(project: Project): Promise<string[]> {
  const page = project.text('docs/scaling.md');
  const price = Object.fromEntries(table(page, 'price').map(([name = '', dollars]) => [name.replace(' *', ''), Number(dollars)]));
  const timers = table(page, 'timer').find(([name]) => name === '**timers**') ?? [];
  // The instance of a timer that runs often enough is always there.
  const timerTime = table(page, 'timer').slice(0, -1).reduce((sum, [, runs]) => sum + Math.min(month, number(runs) * stay), 0);
  const records = Object.fromEntries(table(page, 'records, each').map(([name = '', ...kinds]) => [name, kinds.map(kind => number(kind))]));
  const mostOfAMinute = records['requests of a minute on an instance, at the most'] ?? [];
  const operations = table(page, 'operation');
  const times = (operation: string) => number(operations.find(([name]) => name === operation)?.[1]);
  const session = {
    events: times('login') + times('failed login') + times('security event of that'),
    transactions: number(operations.find(([name]) => name === '**storage transactions**')?.[4]) / 1e6,
    bytes: table(page, 'row').slice(0, -1).reduce((sum, [, rows, bytes, days]) => sum + (number(rows) * number(bytes) * number(days)) / 30, 0),
    requests: number(table(page, 'requests')[0]?.[1]),
  };
  const [dev, production] = await Promise.all([project.resources('main.dev'), project.resources('main.prod')]);
  const columns = [
    of(dev, 0), of(production, 0), of(production, 10_000), of(production, 1_000_000),
  ];
  const stated = table(page, 'a month, US$');
  const wrong = Object.keys(columns[0] ?? {}).flatMap(name => {
    const row = `| ${name} | ${columns.map(column => (column[name] ?? 0).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })).join(' | ')} |`;
    return stated.some(cells => `| ${cells.join(' | ')} |` === row) ? [] : [row];
  });
  const [idle, ready, some, many] = columns.map(column => Math.round(column['**in all**'] ?? NaN));
  const summary = `costs ${idle} US$ a month when idle; in production ${ready} when idle, ${some} with 10,000 users, ${many} with a million`;
  if (!page.replaceAll('\n', ' ').includes(summary)) wrong.push(`the first lines don't say: ${summary}`);
  const { maxTelemetryItemsPerSecond } = (JSON.parse(project.text('host.json')) as Host).logging.applicationInsights.samplingSettings;
  if (mostOfAMinute[1] !== 60 * maxTelemetryItemsPerSecond) wrong.push(`host.json logs ${60 * maxTelemetryItemsPerSecond} requests a minute at the most`);
  return wrong;

  function of(resources: Resource[], users: number): Record<string, number> {
    const site = ofType(resources, 'Microsoft.Web/sites')[0];
    const scale = at(site ?? {}, 'properties.functionAppConfig.scaleAndConcurrency') as { instanceMemoryMB: number; maximumInstanceCount: number; alwaysReady: { instanceCount: number }[] };
    const gigabytes = scale.instanceMemoryMB / 1024;
    const settings = ofType(resources, 'Microsoft.Web/sites/config')[0]?.properties ?? {};
    const groups = 1 + Object.keys(settings).filter(name => name.endsWith('Schedule')).length;
    const ready = at(ofType(resources, 'Microsoft.Web/serverfarms')[0] ?? {}, 'properties.zoneRedundant') === true ? 2 * groups
      : scale.alwaysReady.reduce((sum, { instanceCount }) => sum + instanceCount, 0);
    const zones = ofType(resources, 'Microsoft.Storage/storageAccounts').find(({ name }) => name.startsWith('stdata'))?.sku?.name.includes('ZRS');
    const runs = number(timers[1]);
    const requests = users * session.requests;
    // Requests that come at random share seconds: of those of a month, this many have at least one.
    const busy = month * (1 - Math.exp(-requests / month));
    const requestTime = Math.max(ready * month, month * (1 - Math.exp((-requests * stay) / month)));
    const rules = ofType(resources, 'Microsoft.Insights/scheduledQueryRules').map(rule => at(rule, 'properties.evaluationFrequency'));
    const tests = ofType(resources, 'Microsoft.Insights/webtests').map(({ properties }) => properties as { Enabled: boolean; Frequency: number; Locations: object[] });
    const calls = tests.reduce((sum, test) => sum + (test.Enabled ? test.Locations.length * month / test.Frequency : 0), 0);
    const reads = ready * (month / 300);
    const recorded = Object.entries({
      'login, failed login, security event': users * session.events,
      'timer run': runs,
      transaction: number(timers[4]) + users * session.transactions,
      'call of an availability test, read of the vault': calls + reads,
      'minute of an instance': (timerTime + requestTime) / 60,
    });
    // A record has 1 KB, and requests a limit for each minute where the page states one.
    const [traces, logs, metrics] = [0, 1, 2].map(kind => {
      const ofRequests = requests * (records['request']?.[kind] ?? NaN);
      const most = mostOfAMinute[kind] ? mostOfAMinute[kind] * requestTime / 60 : Infinity;
      return recorded.reduce((sum, [name, count]) => sum + count * (records[name]?.[kind] ?? NaN), Math.min(ofRequests, most)) / 1e6 * (price['logs, metrics and traces in Log Analytics'] ?? NaN);
    });
    const parts = {
      'transactions of the timers': number(timers[4]) * (price['transactions of table storage'] ?? NaN) / 10_000,
      'runs of the timers': runs * ((price['executions, Flex Consumption'] ?? NaN) / 1e6 + gigabytes * (price['execution time, Flex Consumption'] ?? NaN)),
      'instances that are always ready': ready * gigabytes * month * (price['an instance that is always ready'] ?? NaN),
      'their reads of the key ring in the vault': reads * (price['operations of a key vault'] ?? NaN) / 10_000,
      'alert rules over logs': rules.reduce((sum: number, every) => sum + (price[`alert rule over logs, every ${every === 'PT5M' ? 5 : 15} minutes`] ?? NaN), 0),
      'alert rules over metrics': ofType(resources, 'Microsoft.Insights/metricAlerts').filter(rule => at(rule, 'properties.enabled') === true).length * (price['alert rule over a metric'] ?? NaN),
      'availability test': calls * (price['call of an availability test'] ?? NaN),
      'transactions of sessions': users * session.transactions * (price['transactions of table storage'] ?? NaN) / 10_000,
      'rows of sessions': users * session.bytes / 1e9 * (price[zones ? 'storage, table, in several zones' : 'storage, table'] ?? NaN),
      'traces in Log Analytics': (traces ?? NaN) * Number(settings['Telemetry__SampledPercent'] ?? 100) / 100,
      'logs in Log Analytics': logs ?? NaN,
      'metrics in Log Analytics': metrics ?? NaN,
      'executions of requests': requests * (price['executions, Flex Consumption'] ?? NaN) / 1e6,
      'time of requests': busy * gigabytes * (price[ready > 0 ? 'execution time, always ready' : 'execution time, Flex Consumption'] ?? NaN),
    };
    return {
      ...parts,
      '**in all**': Object.values(parts).reduce((sum, part) => sum + part),
      'the most that requests can use': scale.maximumInstanceCount * gigabytes * month * (price['execution time, Flex Consumption'] ?? NaN),
    };
  }
}

interface Host {
  readonly logging: { readonly applicationInsights: { readonly samplingSettings: { readonly maxTelemetryItemsPerSecond: number } } };
}

function table(page: string, first: string): string[][] {
  const lines = page.slice(page.indexOf(`\n| ${first} |`) + 1).split('\n');
  const end = lines.findIndex(line => !line.startsWith('|'));
  return lines.slice(2, end).map(line => line.slice(1, -1).split('|').map(cell => cell.trim()));
}

function number(cell: string | undefined): number {
  return Number(cell?.replaceAll(',', ''));
}
