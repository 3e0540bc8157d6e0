namespace Serverless.Sessions.Push;

/// <summary>Tells the devices of a user what happened. One message goes to all of them; a device that it couldn't be sent to gets a
/// message of its own, which is retried.</summary>
public sealed class PushChannel(
    ISessionStore sessions, ILogStore history, IAccountStore accounts, IOutboxStore outbox, SubscribeToPush subscribe, IPushSender sender,
    TimeProvider clock, ILogger<PushChannel> log) : IOutboxChannel
{
    // Those used last.
    private const int MostDevices = 32;

    // What is older is in the notices.
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    public OutboxChannel Name => OutboxChannel.Push;

    /// <summary>More than fit into the lifetime.</summary>
    public int MaximumAttempts => 10;

    public int? MaximumPerHour => null;

    public async Task<IOutboxMessage?> FindAsync(OutboxDue due, CancellationToken cancellationToken)
    {
        if (!Alert.TryParse(due.Key, out var alert))
            return null;
        var all = (await sessions.ListAsync(alert.User, cancellationToken)).Select(each => each.Stored.Session).ToList();
        if (await history.FindAsync(LogOwner.Of(alert.User), new(alert.At, alert.Id), cancellationToken) is not { } entry)
            return null;
        var now = clock.GetUtcNow();
        var told = all.Where(session => session.Push is not null && session.Id != alert.Session && session.CreatedAt <= alert.At
            && (alert.Target is null || session.Id == alert.Target) && session.EndingAt(now) is null);
        // Whoever used a session may have named the device as they like; its user knows it by the name of its login.
        var concerned = all.Find(session => session.Id == alert.Session);
        var client = alert.Kind.IsChange || concerned is null ? entry.Client
            : concerned.Client with { Location = entry.Client?.Location };
        return new Message(
            this, alert, new(alert.Kind, alert.At, alert.Session, client),
            [.. told.OrderByDescending(session => session.LastActivityAt).Take(MostDevices)]);
    }

    private async Task<SendAnswer> SendAsync(
        Alert alert, PushMessage message, IReadOnlyList<Session> told, CancellationToken cancellationToken)
    {
        if (told.Count == 0 || await FindWantedAsync(alert, told[0], cancellationToken) is not { } kind)
            return new(SendOutcome.Sent, "nobody is to be told");
        message = message with { Kind = kind };
        if (alert.Target is not null)
        {
            var answer = await SendAsync(alert, message, told[0], cancellationToken);
            // Its user chose where it is, so it must not hold up others.
            return answer.Outcome == SendOutcome.Away ? answer with { Outcome = SendOutcome.Failed } : answer;
        }

        var answers = await Task.WhenAll(told.Select(session => TrySendAsync(alert, message, session, cancellationToken)));
        await Task.WhenAll(
            from each in told.Zip(answers)
            where each.Second.Outcome != SendOutcome.Sent
            select RetryAsync(alert with { Target = each.First.Id }, each.Second, cancellationToken));
        return new(SendOutcome.Sent, "it was sent or is retried by device");
    }

    private async Task<AlertKind?> FindWantedAsync(Alert alert, Session any, CancellationToken cancellationToken) =>
        alert.Kind.IsChange ? alert.Kind
        : (await accounts.ReadOfAsync(any, cancellationToken)).Stored.Account is { } account && account.Id == alert.User
            ? alert.Kind.Among(alert.Topics & ~account.Notifications.Unpushed) : null;

    // A device whose message fails in whatever way must not repeat it on the others.
    private async Task<SendAnswer> TrySendAsync(Alert alert, PushMessage message, Session session, CancellationToken cancellationToken)
    {
        try
        {
            return await SendAsync(alert, message, session, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new(SendOutcome.Failed, exception.GetType().Name);
        }
    }

    private async Task<SendAnswer> SendAsync(Alert alert, PushMessage message, Session session, CancellationToken cancellationToken)
    {
        var answer = await sender.SendAsync(session.Push!, message, alert.At + Lifetime - clock.GetUtcNow(), cancellationToken);
        if (answer.Outcome != SendOutcome.Refused)
            return answer;
        await subscribe.RemoveAsync(session.UserId, session.Id, session.Push!, cancellationToken);
        log.PushSubscriptionGone($"{session.Id}", $"{session.UserId}", answer.Why);
        return new(SendOutcome.Sent, "the subscription is gone");
    }

    private Task RetryAsync(Alert alert, SendAnswer answer, CancellationToken cancellationToken)
    {
        var (id, now) = (Guid.NewGuid(), clock.Now());
        log.SendFailed(OutboxChannel.Push, $"{id:N}", 1, answer.Why);
        var wait = SendOutbox.WaitAfter(1, Random.Shared.NextDouble());
        var asked = answer.RetryAfter is { } after && after < Lifetime ? after : TimeSpan.Zero;
        return outbox.ScheduleAsync(
            new(id, OutboxChannel.Push, $"{alert}", now, now + (asked > wait ? asked : wait), Attempts: 1), cancellationToken);
    }

    private sealed class Message(PushChannel channel, Alert alert, PushMessage message, IReadOnlyList<Session> told) : IOutboxMessage
    {
        public DateTimeOffset ExpiresAt => alert.At + Lifetime;

        public Task<SendAnswer> SendAsync(CancellationToken cancellationToken) =>
            channel.SendAsync(alert, message, told, cancellationToken);

        // The sessions and the log are the intent.
        public Task EndAsync(SendAnswer? failure, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
