using System.Threading.Channels;

namespace Serverless.Sessions.Outbox;

/// <summary>Messages that this process sends right away. When it is full or the process dies, the timer sends them.</summary>
public sealed class OutboxQueue
{
    private readonly Channel<OutboxDue> _due = Channel.CreateBounded<OutboxDue>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Call it once the intent is stored. Never waits.</summary>
    public void Post(OutboxDue due) => _due.Writer.TryWrite(due);

    public IAsyncEnumerable<OutboxDue> ReadAllAsync(CancellationToken cancellationToken) =>
        _due.Reader.ReadAllAsync(cancellationToken);
}
