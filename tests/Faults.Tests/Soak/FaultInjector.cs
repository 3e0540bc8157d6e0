namespace Faults.Tests.Soak;

/// <summary>The seed fixes the draws; which call gets which depends on when it comes.</summary>
internal sealed class FaultInjector(int seed, Ledger ledger)
{
    private const double FaultyShare = 0.04;
    private const double SlowShare = 0.03;

    // Beyond what the app waits for storage: such a call comes to it after its own retry.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(3.5);

    private readonly Lock _drawing = new();
    private readonly Random _random = new(seed);
    private readonly Dictionary<string, Fault> _lasting = [];
    private bool _over;

    public void Stop()
    {
        lock (_drawing)
            _over = true;
    }

    public async Task<Fault?> InterceptAsync(string requestId)
    {
        var (fault, delay) = Draw(requestId);
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay);
        return fault;
    }

    private (Fault? Fault, TimeSpan Delay) Draw(string requestId)
    {
        lock (_drawing)
        {
            if (_over)
                return default;
            if (_lasting.TryGetValue(requestId, out var lasting))
                return (lasting, default);
            switch (_random.NextDouble())
            {
                case < FaultyShare:
                    var fault = Fault.All[_random.Next(Fault.All.Count)];
                    if (fault.Lasting)
                        _lasting[requestId] = fault;
                    ledger.Count("faults", $"{fault.Class}{(fault.Status > 0 ? $" {fault.Status}" : "")}");
                    return (fault, default);
                case < FaultyShare + SlowShare:
                    ledger.Count("faults", "Delayed");
                    // Most delays are short.
                    return (null, LongestDelay * Math.Pow(_random.NextDouble(), 3));
                default:
                    return default;
            }
        }
    }
}
