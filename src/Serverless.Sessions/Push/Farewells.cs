using System.Threading.Channels;

namespace Serverless.Sessions.Push;

/// <summary>Tells devices that a change of the account has logged them out. Their subscriptions ended with their sessions, so this process
/// tells them at once or nobody does; and since they may be a thief's, they aren't told where it happened.</summary>
public sealed class Farewells(TimeProvider clock, IPushSender? sender = null)
{
    // The notice of a change that is a day old says nothing any more.
    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    private readonly Channel<Farewell> _left = Channel.CreateBounded<Farewell>(
        new BoundedChannelOptions(1000) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Call it once the ends are stored. Never waits.</summary>
    internal void Post(EndReason reason, IReadOnlyList<SessionEnding> endings)
    {
        if (sender is null || AlertKind.Find(reason) is not { IsChange: true } kind)
            return;
        foreach (var ending in endings.Where(ending => ending.Unsubscribed is not null))
            _left.Writer.TryWrite(new(ending.Unsubscribed!, new(kind, ending.Entry.At, Session: null, Client: null)));
    }

    public IAsyncEnumerable<Farewell> ReadAllAsync(CancellationToken cancellationToken) => _left.Reader.ReadAllAsync(cancellationToken);

    public async Task SendAsync(Farewell farewell, CancellationToken cancellationToken)
    {
        var keptFor = farewell.Message.At + KeptFor - clock.GetUtcNow();
        if (sender is not null && keptFor > TimeSpan.Zero)
            await sender.SendAsync(farewell.To, farewell.Message, keptFor, cancellationToken);
    }
}

public sealed record Farewell(PushSubscription To, PushMessage Message);
