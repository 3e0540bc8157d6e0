namespace Serverless.Sessions.Passkeys;

/// <summary>Adds a passkey to the account of a session, and tells the user by a notice and a mail. Once the response is verified
/// it ignores cancellation, since a thief would hang up before the mail.</summary>
public sealed class RegisterPasskey(
    IPasskeyStore passkeys, ISessionStore sessions, PasskeyVerifier verifier, PasskeyMails mails, PushAlerts pushAlerts,
    IRetentionStore retention, IOptions<RetentionOptions> retentionOptions, TimeProvider clock)
{
    /// <param name="session">That asked for the options.</param>
    /// <param name="response">What the browser made.</param>
    /// <param name="name">Null for one of its kind, or of the device.</param>
    /// <param name="client">Where it comes from.</param>
    /// <param name="cancellationToken">Cancels the call until the response is verified.</param>
    public async Task<RegisterPasskeyResult> ExecuteAsync(
        Session session, PasskeyResponse response, string? name, ClientInfo client, CancellationToken cancellationToken)
    {
        var registered = await verifier.RegisterAsync(response, CeremonyPurpose.Registration, session, name, client, cancellationToken);
        if (registered.Value is not var (state, user, passkey))
            return new RegisterPasskeyResult.Refused(registered.Refusal);
        return await Detached.RunAsync(clock, token => AddAsync(session, user, passkey, state.Used, client, token));
    }

    private async Task<RegisterPasskeyResult> AddAsync(
        Session session, UserId user, Passkey passkey, UsedChallenge used, ClientInfo client, CancellationToken cancellationToken)
    {
        var now = passkey.CreatedAt;
        var entry = new LogEntry(LogAction.PasskeyAdded, now, session.Id, client);
        var notice = new Notice(NoticeKind.PasskeyAdded, now, session.Id, client);
        var alert = new Alert(AlertKind.PasskeyAdded, user, session.Id, now, entry.Id);
        var isTried = false;
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var file = await passkeys.ReadAsync(user, cancellationToken);
            // The reply to the first try was lost.
            if (isTried && file.Find(passkey.Id) is { } added && added.CreatedAt == now)
                return await TellAsync(added, file.OpenEpoch(), alert, client);
            if (file.IsUsed(used))
                return new RegisterPasskeyResult.Refused(PasskeyRefusal.CeremonyUsed);
            if (file.Find(passkey.Id) is not null)
                return new RegisterPasskeyResult.Refused(PasskeyRefusal.Exists);
            if (file.Passkeys.Count >= Passkey.MaximumCount)
                return new RegisterPasskeyResult.Refused(PasskeyRefusal.LimitReached);
            // By storage, and a condition of the write: a reset first ends the sessions, then removes what a thief's have added.
            if (await sessions.FindAsync(user, session.Id, cancellationToken) is not { } stored)
                return new RegisterPasskeyResult.Ended(EndReason.Unknown);
            if (stored.Session.EndingAt(now) is { } over)
                return new RegisterPasskeyResult.Ended(over.Reason);

            var epoch = file.OpenEpoch();
            // Before the entry is written, since no activity leads to it.
            if (!isTried)
            {
                await Task.WhenAll(
                    retention.ScheduleAsync([new(LogOwner.Of(user), now + retentionOptions.Value.LogLifetime)], cancellationToken),
                    pushAlerts.ScheduleAsync(alert, cancellationToken));
            }

            isTried = true;
            if (await passkeys.TryAddAsync(stored, passkey, file.Use(used, now), epoch, entry, notice, cancellationToken))
                return await TellAsync(passkey, epoch, alert, client);
        }
    }

    private async Task<RegisterPasskeyResult> TellAsync(Passkey passkey, OpenEpoch epoch, Alert alert, ClientInfo client)
    {
        pushAlerts.Post(alert);
        await mails.SendAsync(MailKind.PasskeyAdded, epoch.Account, client);
        return new RegisterPasskeyResult.Registered(passkey);
    }
}

public abstract record RegisterPasskeyResult
{
    private RegisterPasskeyResult() { }

    public sealed record Registered(Passkey Passkey) : RegisterPasskeyResult;
    public sealed record Refused(PasskeyRefusal Refusal) : RegisterPasskeyResult;
    public sealed record Ended(EndReason Reason) : RegisterPasskeyResult;
}
