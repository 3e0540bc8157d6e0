using Serverless.Sessions.Storage;

namespace Serverless.Sessions.Timeline;

/// <summary>How far each timer got, so that a run goes on where the one before it stopped. Both methods throw
/// <see cref="StorageUnavailableException"/> for an outage.</summary>
public interface ITimerCursors
{
    /// <summary>Up to when a timer has dealt with everything; null before its first run.</summary>
    Task<DateTimeOffset?> ReadCursorAsync(string timer, CancellationToken cancellationToken);

    /// <summary>Remembers how far a timer got.</summary>
    Task SaveCursorAsync(string timer, DateTimeOffset upTo, CancellationToken cancellationToken);
}
