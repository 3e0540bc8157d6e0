using System.Text.Json.Serialization;

namespace Benchmarks.App;

/// <summary>All that was measured, as a table, as JSON, and held against the budgets of docs/performance.md.</summary>
internal sealed class Report
{
    private const int Repetitions = 3;

    private readonly List<OperationLine> _operations = [];
    private readonly List<Counted> _counts = [];

    public static string Header => "\n" + Row("operation", "conn", "tx", "p50 ms", "p99 ms", "req/s", "worker ms", "host ms", "bare p50", "worker", "host", "x p50", "x worker");

    /// <summary>The first answer of each start, in milliseconds from the start of the worker's process and of the host's.</summary>
    public Pairs<(double FromWorker, double FromHost)> Starts { get; } = [];

    /// <summary>What each of these workers holds after 10,000 sessions, in MB.</summary>
    public Pairs<double> Memory { get; } = [];

    public List<TimerLine> Purges { get; } = [];
    public List<TimerLine> Flaggings { get; } = [];

    public List<string> Lines { get; } = [];

    public string Figures => string.Create(CultureInfo.InvariantCulture,
        $"""
        first answer after the worker's start {Starts.Ours(start => start.FromWorker):0} ms, bare worker {Starts.Bare(start => start.FromWorker):0} ms
        first answer after the host's start {Starts.Ours(start => start.FromHost):0} ms, bare worker {Starts.Bare(start => start.FromHost):0} ms
        resident {Memory.Ours(megabytes => megabytes):0} MB, bare worker {Memory.Bare(megabytes => megabytes):0} MB
        """);

    public IEnumerable<Budget> Budgets =>
    [
        .. _counts.Select(count => new Budget($"{count.Name}: storage transactions", count.Budget, count.Transactions)),
        .. OfTimer("purge", Purges),
        .. OfTimer("flagging", Flaggings),
        new("refresh, 1 connection: p50 by the bare worker's", 1.25, Line("refresh", 1).P50Ratio!.Value),
        .. OfCpu("refresh", 1.5),
        .. OfCpu("status, cached", 1.5),
        .. OfCpu("status, with Redis", 1.5),
        new("first answer after the worker's start, by the bare worker's", 1.5, Starts.Ratio(start => start.FromWorker)),
        new("worker's resident memory after 10,000 sessions, by the bare worker's", 1.4, Memory.Ratio(megabytes => megabytes)),
    ];

    public void Add(Operation operation, int connections, Rounds rounds)
    {
        var transactions = _counts.Single(count => count.Name == operation.Name).Transactions;
        var line = new OperationLine(
            operation.Name, transactions, connections, rounds.Median(round => round.P50Ms), rounds.Median(round => round.P99Ms),
            rounds.Median(round => round.PerSecond), rounds.Median(round => round.WorkerMs), rounds.Median(round => round.HostMs),
            rounds.BareMedian(round => round.P50Ms), rounds.BareMedian(round => round.WorkerMs),
            rounds.BareMedian(round => round.HostMs), rounds.Ratio(round => round.P50Ms), rounds.Ratio(round => round.WorkerMs));
        _operations.Add(line);
        Lines.Add(Row(
            line.Name, $"{connections}", Text(line.Transactions, "0.##"), Text(line.P50Ms), Text(line.P99Ms), Text(line.RequestsPerSecond, "0"),
            Text(line.WorkerMs), Text(line.HostMs), Text(line.BareP50Ms), Text(line.BareWorkerMs), Text(line.BareHostMs),
            Text(line.P50Ratio, "0.00"), Text(line.WorkerRatio, "0.00")));
    }

    public async Task CountAsync(CountingProxy proxy, string name, int budget, Func<Task> send)
    {
        var before = proxy.Count;
        for (var i = 0; i < Repetitions; i++)
            await send();
        _counts.Add(new(name, budget, (proxy.Count - before) / (double)Repetitions));
    }

    public string ToJson() => JsonSerializer.Serialize(
        new ReportBody(_operations, Purges, Flaggings, Figures, [.. Budgets]), ReportJson.Default.ReportBody);

    private static IEnumerable<Budget> OfTimer(string timer, IEnumerable<TimerLine> runs) =>
        runs.Select(run => new Budget($"{timer} beside {run.Live} live sessions: transactions", run.Budget, run.Transactions));

    private IEnumerable<Budget> OfCpu(string operation, double limit) => _operations
        .Where(line => line.Name == operation)
        .Select(line => new Budget($"{operation}, {line.Connections} connections: worker's CPU by the bare worker's", limit, line.WorkerRatio!.Value));

    private static string Row(string name, params string[] cells) =>
        $"{name,-20}" + string.Concat(cells.Select((cell, index) => cell.PadLeft(index < 2 ? 5 : 10)));

    private static string Text(double? value, string format = "0.000") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private OperationLine Line(string name, int connections) =>
        _operations.Single(line => line.Name == name && line.Connections == connections);

    private sealed record Counted(string Name, int Budget, double Transactions);
}

/// <summary>What was measured of the app and, right after it, of the bare worker, several times.</summary>
internal sealed class Pairs<T> : List<(T Ours, T Bare)>
{
    public double Ours(Func<T, double> figure) => Rounds.Middle(this.Select(pair => figure(pair.Ours)));
    public double Bare(Func<T, double> figure) => Rounds.Middle(this.Select(pair => figure(pair.Bare)));
    public double Ratio(Func<T, double> figure) => Rounds.Middle(this.Select(pair => figure(pair.Ours) / figure(pair.Bare)));
}

internal sealed record Budget(string Name, double Limit, double Measured)
{
    public bool Held => Measured <= Limit;
}

internal sealed record OperationLine(
    string Name, double Transactions, int Connections, double P50Ms, double P99Ms, double RequestsPerSecond, double WorkerMs,
    double HostMs, double? BareP50Ms, double? BareWorkerMs, double? BareHostMs, double? P50Ratio, double? WorkerRatio);

/// <summary>A run of a timer beside live sessions that it must not look at.</summary>
internal sealed record TimerLine(int Live, int Expired, int Transactions, double Ms, int Budget);

internal sealed record ReportBody(
    IReadOnlyList<OperationLine> Operations, IReadOnlyList<TimerLine> Purge, IReadOnlyList<TimerLine> Flagging, string Figures,
    IReadOnlyList<Budget> Budgets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ReportBody))]
internal sealed partial class ReportJson : JsonSerializerContext;
