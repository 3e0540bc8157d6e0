namespace Serverless.Sessions.Passkeys;

/// <summary>Records a passkey whose counter went back, and tells the operators by a security event and the user by a notice and a mail: once
/// for each challenge.</summary>
public sealed class ReportClonedPasskey(
    IPasskeyStore passkeys, ITimeline timeline, RaiseSecurityEvent raise, PasskeyMails mails, ILogger<ReportClonedPasskey> log)
{
    /// <summary>Returns false if the challenge was used before.</summary>
    internal async Task<bool> ExecuteAsync(
        LoginAttempt attempt, SessionId? session, ChallengeUse challenge, Passkey passkey, CancellationToken cancellationToken)
    {
        var user = attempt.Account!.Id;
        var activity = attempt.ToActivity(ActivityKind.FailedLogin);
        await timeline.RecordAsync(activity, cancellationToken);
        // Its id is the challenge's, so a repetition raises nothing.
        await raise.ExecuteAsync(
            SecurityEvent.OfClone(challenge.Used.Digest, user, session, activity.AddressGroup, attempt.At), cancellationToken);
        var entry = new LogEntry(LogAction.PasskeyCloned, attempt.At, session, attempt.Client, Success: false, Error: $"{passkey.Id}");
        var notice = new Notice(NoticeKind.PasskeyCloned, attempt.At, session, attempt.Client);
        if (!await passkeys.TryRefuseAsync(user, challenge, entry, notice, cancellationToken))
            return false;
        log.PasskeyCloned($"{passkey.Id}", $"{user}", MaskedAddress.Of(attempt.Client.IpAddress));
        await mails.SendAsync(MailKind.PasskeyCloned, attempt.Key, attempt.Client, cancellationToken);
        return true;
    }
}
