namespace Serverless.Functions.Refresh;

/// <summary>Logs refusals at most once a minute per reason, since anyone can send invalid tokens; a metric counts all.</summary>
public sealed class RefusedRefreshes(TimeProvider clock, ILogger<RefusedRefreshes> log)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    // By reason; there are few.
    private readonly Dictionary<string, (long LoggedAt, int Since)> _last = [];

    internal void Note(string reason)
    {
        int count;
        lock (_last)
        {
            var pauses = _last.TryGetValue(reason, out var last) && clock.GetElapsedTime(last.LoggedAt) < Pause;
            count = last.Since + 1;
            _last[reason] = pauses ? last with { Since = count } : (clock.GetTimestamp(), 0);
            if (pauses)
                return;
        }

        log.RefreshRefused(reason, count);
    }
}
