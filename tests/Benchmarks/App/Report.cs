using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Benchmarks.App;

/// <summary>All that was measured, as a table, as JSON, and held against the budgets of docs/design.md.</summary>
internal sealed class Report
{
    private const int Repetitions = 3;

    private readonly List<OperationLine> _operations = [];
    private readonly List<Counted> _counts = [];
    private readonly List<TimerLine> _purges = [];
    private readonly List<TimerLine> _flaggings = [];

    public static string Header =>
        $"\n{"operation",-22}{"conn",5}{"tx",5}{"p50 ms",10}{"p99 ms",10}{"raw p50",10}{"ratio",8}{"req/s",9}{"CPU ms",9}{"x base",8}{"base p50",10}";

    public double ColdStartMs { get; set; }

    public double ResidentMb { get; set; }

    public List<string> Lines { get; } = [];

    public IEnumerable<Budget> Budgets =>
    [
        .. _counts.Select(count => new Budget($"{count.Name}: storage transactions", count.Budget, count.Transactions)),
        .. _purges.Select(purge => new Budget($"purge beside {purge.Live} live sessions: transactions", purge.Budget, purge.Transactions)),
        .. _flaggings.Select(flagging => new Budget($"flagging beside {flagging.Live} live sessions: transactions", flagging.Budget, flagging.Transactions)),
        new("refresh, 1 connection: p50 by that of the raw transaction", 1.3, Line("refresh", 1).Ratio!.Value),
        .. OfCpu("status, cached", 3.0, "an empty endpoint"),
        .. OfCpu("refresh", 1.6, "an endpoint that only sends the transaction"),
        new("first answer after the start of the process, ms", 500, ColdStartMs),
        new("resident after 10,000 sessions, MB", 100, ResidentMb),
    ];

    public void Add(Operation operation, int connections, Result result)
    {
        var (p50, raw) = (result.Ours.Percentile(0.5), result.Raw?.Percentile(0.5));
        var line = new OperationLine(
            operation.Name,
            _counts.Single(count => count.Name == operation.Name).Transactions,
            connections,
            p50,
            result.Ours.Percentile(0.99),
            raw,
            p50 / raw,
            result.Ours.PerSecond,
            result.Ours.CpuMs,
            result.Ours.CpuMs / result.Baseline?.CpuMs,
            result.Baseline?.Percentile(0.5));
        _operations.Add(line);
        Lines.Add(string.Create(CultureInfo.InvariantCulture,
            $"{line.Name,-22}{line.Connections,5}{line.Transactions,5:0.##}{line.P50Ms,10:0.000}{line.P99Ms,10:0.000}{line.RawP50Ms,10:0.000}{line.Ratio,8:0.00}{line.RequestsPerSecond,9:0}{line.CpuMsPerRequest,9:0.000}{line.CpuRatio,8:0.00}{line.BaselineP50Ms,10:0.000}"));
    }

    public async Task CountAsync(CountingProxy proxy, string name, int budget, Func<Task> send)
    {
        var before = proxy.Count;
        for (var i = 0; i < Repetitions; i++)
            await send();
        _counts.Add(new(name, budget, (proxy.Count - before) / (double)Repetitions));
    }

    public void AddPurge(TimerLine line) => _purges.Add(line);

    public void AddFlagging(TimerLine line) => _flaggings.Add(line);

    public string ToJson() => JsonSerializer.Serialize(
        new ReportBody(_operations, _purges, _flaggings, ColdStartMs, ResidentMb, [.. Budgets]), ReportJson.Default.ReportBody);

    private IEnumerable<Budget> OfCpu(string operation, double limit, string baseline) => _operations
        .Where(line => line.Name == operation)
        .Select(line => new Budget($"{operation}, {line.Connections} connections: CPU by that of {baseline}", limit, line.CpuRatio!.Value));

    private OperationLine Line(string name, int connections) =>
        _operations.Single(line => line.Name == name && line.Connections == connections);

    private sealed record Counted(string Name, int Budget, double Transactions);
}

/// <summary>A promise, and what became of it.</summary>
internal sealed record Budget(string Name, double Limit, double Measured)
{
    public bool Held => Measured <= Limit;
}

/// <summary>A row of the table.</summary>
internal sealed record OperationLine(
    string Name,
    double Transactions,
    int Connections,
    double P50Ms,
    double P99Ms,
    double? RawP50Ms,
    double? Ratio,
    double RequestsPerSecond,
    double CpuMsPerRequest,
    double? CpuRatio,
    double? BaselineP50Ms);

/// <summary>A run of a timer.</summary>
/// <param name="Live">Sessions that it must not look at.</param>
/// <param name="Expired">Sessions, or for flagging login attempts, that it has to deal with.</param>
/// <param name="Transactions">Storage transactions.</param>
/// <param name="Ms">How long it took.</param>
/// <param name="Budget">The most transactions that it may send.</param>
internal sealed record TimerLine(int Live, int Expired, int Transactions, double Ms, int Budget);

internal sealed record ReportBody(
    IReadOnlyList<OperationLine> Operations,
    IReadOnlyList<TimerLine> Purge,
    IReadOnlyList<TimerLine> Flagging,
    double ColdStartMs,
    double ResidentMb,
    IReadOnlyList<Budget> Budgets);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(ReportBody))]
internal sealed partial class ReportJson : JsonSerializerContext;
