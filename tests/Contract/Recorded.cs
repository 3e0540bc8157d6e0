using Microsoft.Extensions.Logging;

namespace Serverless.Testing;

internal sealed class Recorded<T> : ILogger<T>
{
    public ConcurrentQueue<string> Lines { get; } = [];

    /// <summary>Of each line, what its message was made of.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Values { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        Lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)}");
        Values.Enqueue(((IReadOnlyList<KeyValuePair<string, object?>>)state!).ToDictionary(each => each.Key, each => $"{each.Value}"));
    }
}
