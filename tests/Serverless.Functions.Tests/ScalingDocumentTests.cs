using System.Globalization;
using System.Text.RegularExpressions;
using Serverless.Documents.Settings;
using Serverless.Testing;

namespace Serverless.Functions.Tests;

/// <summary>docs/scaling.md: every figure follows from its prices, the settings and the transactions that are counted.</summary>
public sealed partial class ScalingDocumentTests
{
    private const decimal Million = 1_000_000;
    private const int DaysOfAMonth = 30;
    private const int TransactionsOfAnAccount = 20_000;

    private static readonly string Page = MarkdownTable.Page("scaling.md");

    private static readonly Dictionary<string, decimal> Prices = MarkdownTable.Read(Page, "price").ToDictionary(
        row => row[0].TrimEnd(' ', '*'), row => Number(row[1]) / Number(row[2].Split(' ')[0]));

    private static readonly Dictionary<string, TransactionCost> Budgets = new()
    {
        ["login"] = TransactionBudgets.Login,
        ["login from a new device, beside that"] = TransactionBudgets.NewDevice,
        ["security event of that"] = TransactionBudgets.RaisedEvent,
        ["failed login"] = TransactionBudgets.FailedLogin,
        ["login after a failure, beside a login"] = TransactionBudgets.ThrottleReset,
        ["refresh"] = TransactionBudgets.Refresh,
        ["status, not cached"] = TransactionBudgets.Status,
        ["list of sessions, page of the log"] = TransactionBudgets.List,
        ["logout"] = TransactionBudgets.Logout,
        ["purge of it"] = TransactionBudgets.PurgedSession,
        ["purge that files it again"] = TransactionBudgets.RefiledSession,
        ["retention of its log, an hour of use"] = TransactionBudgets.LogRetentionWithinADay,
        ["retention of its log, the last hour of a day"] = TransactionBudgets.LogRetention,
        ["removed rows of the timeline, one by one at the worst"] = TransactionBudgets.RemovedRows,
        ["PurgeExpiredSessions"] = TransactionBudgets.IdlePurge,
        ["FlagSuspiciousIps"] = TransactionBudgets.IdleFlagging,
        ["RaiseSecurityAlerts"] = TransactionBudgets.IdleAlerts,
        ["RollUpStatistics, with an hour to count"] = TransactionBudgets.RollUp,
        ["RollUpStatistics, between two hours"] = TransactionBudgets.IdleRollUp,
        ["PurgeOldLogs"] = TransactionBudgets.IdleRetention,
    };

    /// <summary>What of the model is a request of a client.</summary>
    private static readonly string[] Requests =
        ["login", "failed login", "refresh", "status, not cached", "list of sessions, page of the log", "logout"];

    [Fact]
    public void The_transactions_of_a_million_sessions_follow_from_those_that_are_counted()
    {
        var rows = MarkdownTable.Read(Page, "operation | times a session");
        foreach (var row in rows.SkipLast(1))
        {
            Assert.Equal((row[0], $"{Budgets[row[0]].Reads}", $"{Budgets[row[0]].Writes}"), (row[0], row[2], row[3]));
            AssertTransactions(row, Number(row[1]) * Budgets[row[0]].Total * Million, 4);
        }

        AssertTransactions(rows[^1], rows.SkipLast(1).Sum(row => Number(row[4])), 4);
    }

    [Fact]
    public void The_rows_that_stay_follow_from_the_sizes_of_the_data_model()
    {
        var sizes = MarkdownTable.Page("data-model.md");
        var rows = MarkdownTable.Read(Page, "row");
        var sum = 0m;
        foreach (var row in rows.SkipLast(1))
        {
            var (table, key) = (row[0].Split(' ')[0], row[0].Split(' ', 2)[1]);
            var chapter = sizes[sizes.IndexOf($"## {table}\n", StringComparison.Ordinal)..];
            Assert.Equal(Regex.Match(chapter, $@"^\| `[^|]*` \| {Regex.Escape(key)} \| [^|]* \| ([\d,]+) \|", RegexOptions.Multiline).Groups[1].Value, row[2]);
            var gigabytes = Million * Number(row[1]) * Number(row[2]) * Number(row[3]) / DaysOfAMonth / 1_000_000_000;
            sum += gigabytes;
            Assert.Equal((row[0], Whole(gigabytes), Dollars(gigabytes * Prices["storage, table"])), (row[0], row[4], row[5]));
        }

        Assert.Equal((Whole(sum), Dollars(sum * Prices["storage, table"])), (rows[^1][4], rows[^1][5]));
    }

    [Fact]
    public void The_requests_and_the_whole_follow_from_the_model()
    {
        var model = MarkdownTable.Read(Page, "operation | times a session");
        var requests = model.Where(row => Requests.Contains(row[0])).Sum(row => Number(row[1]));
        Assert.Equal(Requests.Length, model.Count(row => Requests.Contains(row[0])));
        var rows = MarkdownTable.Read(Page, "requests");
        foreach (var row in rows)
        {
            var seconds = requests * Million / (row[0].StartsWith("20 in the same second", StringComparison.Ordinal) ? 20 : 1);
            var gigabytes = row[0].EndsWith("2,048 MB", StringComparison.Ordinal) ? 2m : 0.5m;
            var (executions, time) = (requests * Million * Prices["executions, Flex Consumption"], seconds * gigabytes * Prices["execution time, Flex Consumption"]);
            Assert.Equal([$"{requests.ToString(CultureInfo.InvariantCulture)}", Dollars(executions), Dollars(time), Dollars(executions + time)], row[1..]);
        }

        var storage = Number(model[^1][5]) + Number(MarkdownTable.Read(Page, "row")[^1][5]);
        var both = rows.Select(row => Number(row[4])).ToList();
        Assert.Equal(
            [Dollars(storage + both.Min()), Dollars(storage + both.Max()), Dollars(storage)],
            Total().Match(Page).Groups.Values.Skip(1).Select(group => group.Value));
    }

    [Fact]
    public void The_design_tells_the_same_transactions()
    {
        var design = MarkdownTable.Read(MarkdownTable.Page("design.md"), "operation").ToDictionary(row => row[0], row => row[1]);
        Assert.Equal(Words(TransactionBudgets.Login), design["login"]);
        Assert.Equal(Words(TransactionBudgets.FailedLogin), design["failed login, known email or not"]);
        Assert.Equal(Words(TransactionBudgets.Logout), design["logout"]);
        Assert.Equal($"{TransactionBudgets.Refresh.Total}", design["refresh, also when it regenerates"]);
        Assert.Equal($"0 / {TransactionBudgets.Status.Total}", design["status, cached / not"]);
        Assert.Equal($"{TransactionBudgets.IdlePoll.Total}", design["notices"]);

        static string Words(TransactionCost cost) => $"{cost.Reads} read, {cost.Writes} writes";
    }

    [Fact]
    public void What_an_open_page_costs_follows_from_the_settings()
    {
        var rows = MarkdownTable.Read(Page, "while open");
        Assert.Equal(
            [3600 / Seconds("Presence__HeartbeatInterval"), 3600 / Seconds("Mailbox__PollInterval")],
            rows.Select(row => Number(row[1])));
        AssertTransactions(rows[0], Number(rows[0][1]) * TransactionBudgets.Heartbeat.Total * Million, 2);
        AssertTransactions(rows[1], Number(rows[1][1]) * TransactionBudgets.IdlePoll.Total * Million, 2);
    }

    [Fact]
    public void What_the_timers_cost_follows_from_their_schedules()
    {
        var rows = MarkdownTable.Read(Page, "timer");
        foreach (var row in rows.SkipLast(1))
        {
            var perDay = RunsOfADay(Setting($"{row[0].Split(',')[0]}Schedule"));
            var runs = DaysOfAMonth * (row[0] switch
            {
                "RollUpStatistics, with an hour to count" => 24,
                "RollUpStatistics, between two hours" => perDay - 24,
                _ => perDay,
            });
            Assert.Equal((row[0], Whole(runs), $"{Budgets[row[0]].Reads}", $"{Budgets[row[0]].Writes}"), (row[0], row[1], row[2], row[3]));
            AssertTransactions(row, runs * (decimal)Budgets[row[0]].Total, 4);
        }

        var all = rows.SkipLast(1).Sum(row => Number(row[1]));
        Assert.Equal(Whole(all), rows[^1][1]);
        AssertTransactions(rows[^1], rows.SkipLast(1).Sum(row => Number(row[4])), 4);
    }

    [Fact]
    public void What_an_idle_deployment_costs_follows_from_its_templates()
    {
        const decimal Month = 24m * 3600 * DaysOfAMonth;
        var timers = MarkdownTable.Read(Page, "timer")[^1];
        var runs = Number(timers[1]);
        var (execution, time) = (Prices["executions, Flex Consumption"], Prices["execution time, Flex Consumption"]);
        var (dev, prod) = (Template("main.dev.bicepparam"), Template("main.prod.bicepparam"));
        var (small, large) = (Parameter(dev, "instanceMemoryMB") / 1024, Parameter(Template("main.bicep"), "instanceMemoryMB int") / 1024);
        var ready = Parameter(prod, "alwaysReadyInstances");
        var alerts = AlertRules().Sum(minutes => Prices[$"alert rule over logs, every {minutes} minutes"]);
        var rows = MarkdownTable.Read(Page, "while idle, a month");

        Assert.Equal(
            [
                [timers[5], timers[5]],
                [Dollars(runs * (execution + (small * time))), Dollars(runs * (execution + (large * time)))],
                [Dollars(0), Dollars(ready * Month * large * Prices["an instance that is always ready"])],
                [Dollars(0), Dollars(ready * Month / Seconds("Keys__JwksCacheLifetime") * Prices["operations of a key vault"])],
                [Dollars(alerts), Dollars(alerts)],
            ],
            rows.SkipLast(1).Select(row => row[1..]));
        Assert.DoesNotContain("alwaysReadyInstances", dev, StringComparison.Ordinal);
        Assert.DoesNotContain("instanceMemoryMB", prod, StringComparison.Ordinal);
        var sums = new[] { 1, 2 }.Select(column => rows.SkipLast(1).Sum(row => Number(row[column]))).ToList();
        Assert.Equal(sums.Select(Dollars), rows[^1][1..]);
        Assert.Contains(
            $"costs some {Whole(sums[0])} US$ a month", File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md")), StringComparison.Ordinal);

        static string Template(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Path, "infra", file));

        static decimal Parameter(string template, string name) =>
            Number(Regex.Match(template, $@"^param {name} = (\d+)", RegexOptions.Multiline).Groups[1].Value);

        // How often each rule asks: one for each event where it stands in a loop.
        static IEnumerable<string> AlertRules()
        {
            var template = Template("modules/logalerts.bicep");
            var events = Regex.Count(template, "^    eventName: '", RegexOptions.Multiline);
            return Regex.Matches(template, @"scheduledQueryRules@[^']*' = (\[for alert in securityEvents)?.*?evaluationFrequency: 'PT(\d+)M'", RegexOptions.Singleline)
                .SelectMany(rule => Enumerable.Repeat(rule.Groups[2].Value, rule.Groups[1].Success ? events : 1));
        }
    }

    [Fact]
    public void What_an_account_holds_follows_from_its_limit()
    {
        var heartbeat = Seconds("Presence__HeartbeatInterval");
        Assert.Equal(
            [
                ("refreshes a second", TransactionBudgets.Refresh.Total, 1m),
                ("logins a second", TransactionBudgets.Login.Total, 1),
                ("open sessions that refresh every 30 minutes", TransactionBudgets.Refresh.Total, 30 * 60),
                ($"pages that are online, with a heartbeat every {heartbeat} s", TransactionBudgets.Heartbeat.Total, heartbeat),
                ("pages that poll every 2 s and get no news", TransactionBudgets.IdlePoll.Total, Seconds("Mailbox__PollInterval")),
            ],
            MarkdownTable.Read(Page, "what | transactions").Select(row => (row[0], int.Parse(row[1], CultureInfo.InvariantCulture), Number(row[2]) * Number(row[1]) / TransactionsOfAnAccount)));
    }

    private static void AssertTransactions(string[] row, decimal transactions, int column) => Assert.Equal(
        (row[0], Whole(transactions), Dollars(transactions * Prices["transactions of table storage"])), (row[0], row[column], row[column + 1]));

    // Minutes and hours of a schedule: a list, a step or a number; every day.
    private static int RunsOfADay(string schedule)
    {
        var fields = schedule.Split(' ');
        Assert.Equal(["*", "*", "*"], fields[3..]);
        return Times(fields[1], 60) * Times(fields[2], 24);

        static int Times(string field, int all) => field == "*" ? all
            : field.StartsWith("*/", StringComparison.Ordinal) ? all / int.Parse(field[2..], CultureInfo.InvariantCulture)
            : field.Split(',').Length;
    }

    private static string Setting(string name) => ProductSettings.All.Single(setting => setting.Name == name).Default;

    private static decimal Seconds(string name) => (decimal)TimeSpan.Parse(Setting(name), CultureInfo.InvariantCulture).TotalSeconds;

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Whole(decimal number) => Math.Round(number, MidpointRounding.AwayFromZero).ToString("N0", CultureInfo.InvariantCulture);

    private static string Dollars(decimal amount) => Math.Round(amount, 2, MidpointRounding.AwayFromZero).ToString("N2", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"between ([\d,.]+) and ([\d,.]+) US\$ for a million sessions\*\*, of which storage is ([\d,.]+\d)")]
    private static partial Regex Total();
}
