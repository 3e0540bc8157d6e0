namespace Serverless.Sessions.Timeline;

/// <summary>Stores how far each timer got, so that the next run continues there. Both methods throw
/// <see cref="StorageUnavailableException"/> on an outage.</summary>
public interface ITimerCursors
{
    /// <summary>Returns the time up to which a timer is done; null before its first run.</summary>
    Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken);

    Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken);
}
