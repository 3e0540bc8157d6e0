namespace Serverless.Sessions.Passkeys;

/// <summary>Records a passkey whose counter went back, and tells the operators by a security event and the user by a notice and a mail:
/// once for each challenge. Ignores cancellation, since a thief would hang up.</summary>
public sealed class ReportClonedPasskey(
    IPasskeyStore passkeys, ITimeline timeline, RaiseSecurityEvent raise, PasskeyMails mails, TimeProvider clock,
    ILogger<ReportClonedPasskey> log)
{
    /// <summary>Returns false if the challenge was used before.</summary>
    internal async Task<bool> ExecuteAsync(
        LoginAttempt attempt, SessionId? session, UsedChallenge challenge, PasskeyFile file, Passkey passkey)
    {
        if (!await Detached.RunAsync(clock, token => RecordAsync(attempt, session, challenge, file, passkey, token)))
            return false;
        log.PasskeyCloned($"{passkey.Id}", $"{attempt.Account!.Id}", MaskedAddress.Of(attempt.Client.IpAddress));
        await mails.SendAsync(MailKind.PasskeyCloned, attempt.Key, attempt.Client);
        return true;
    }

    private async Task<bool> RecordAsync(
        LoginAttempt attempt, SessionId? session, UsedChallenge challenge,
        PasskeyFile file, Passkey passkey, CancellationToken cancellationToken)
    {
        var user = attempt.Account!.Id;
        var activity = attempt.ToActivity(ActivityKind.FailedLogin);
        await timeline.RecordAsync(activity, cancellationToken);
        // Its id is the challenge's, so a repetition raises nothing.
        await raise.ExecuteAsync(
            SecurityEvent.OfClone(challenge.Digest, user, session, activity.AddressGroup, attempt.At), cancellationToken);
        var entry = new LogEntry(LogAction.PasskeyCloned, attempt.At, session, attempt.Client, Success: false, Error: $"{passkey.Id}");
        var notice = new Notice(NoticeKind.PasskeyCloned, attempt.At, session, attempt.Client);
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            if (await passkeys.TryRefuseAsync(user, file.Use(challenge, attempt.At), entry, notice, cancellationToken))
                return true;
            // Another notice came first, or another request removed what had expired, unless it used the challenge.
            file = await passkeys.ReadAsync(user, cancellationToken);
            if (file.IsUsed(challenge))
                return false;
        }
    }
}
