namespace Serverless.Sessions.Timeline;

/// <summary>How far each timer got, so that the next run continues there. Both methods throw
/// <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ITimerCursors
{
    /// <summary>The time up to which a timer is done; null before its first run.</summary>
    Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken);

    /// <summary>Saves how far a timer got.</summary>
    Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken);
}
