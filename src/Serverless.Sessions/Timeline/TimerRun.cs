namespace Serverless.Sessions.Timeline;

internal static class TimerRun
{
    /// <summary>How long one run may take before it leaves the rest to the next; host.json gives a function 10 minutes.</summary>
    public static readonly TimeSpan MaximumDuration = TimeSpan.FromMinutes(4);

    /// <summary>How long a purge leaves alone what it can't read or remove.</summary>
    public static readonly TimeSpan Later = TimeSpan.FromDays(1);

    // An instance may write late or its clock be behind; its activity must not be skipped.
    private static readonly TimeSpan Lateness = TimeSpan.FromMinutes(2);

    // Bounds memory to the activity of one step and its look-back.
    private static readonly TimeSpan Step = TimeSpan.FromHours(1);

    /// <summary>Inspects the time from a timer's cursor, or one window ago, to <paramref name="now"/>, in steps, and saves the
    /// cursor after each. A run that ends early leaves the rest to the next; false if it is over before its last step.</summary>
    public static async Task<bool> CatchUpAsync(
        this ITimerCursors cursors, string timer, TimeSpan window, DateTimeOffset now, Func<bool> isOver,
        Func<DateTimeOffset, DateTimeOffset, Task> inspect, CancellationToken cancellationToken)
    {
        var cursor = await cursors.ReadCursorAsync(timer, cancellationToken) ?? now - window;
        var settled = now - Lateness;
        for (; cursor + Step < settled; cursor += Step)
        {
            await inspect(cursor, cursor + Step);
            await cursors.SaveCursorAsync(timer, cursor + Step, cancellationToken);
            if (isOver())
                return false;
        }

        // Process the rest up to now, but save the cursor only up to where nothing late can come.
        await inspect(cursor, now);
        if (settled > cursor)
            await cursors.SaveCursorAsync(timer, settled, cancellationToken);
        return true;
    }
}

/// <summary>How far each timer got. Both methods throw <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ITimerCursors
{
    /// <summary>Returns the time up to which a timer is done; null before its first run.</summary>
    Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken);

    Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken);
}
