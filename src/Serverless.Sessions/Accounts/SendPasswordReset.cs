namespace Serverless.Sessions.Accounts;

/// <summary>Sends a user the link to reset the password, on record with the administrator who asks for it.</summary>
public sealed class SendPasswordReset(
    FindAccount findAccount, RequestPasswordReset requestPasswordReset, ILogStore log, IRetentionStore retention,
    IOptions<RetentionOptions> options, ResetRules rules, TimeProvider clock, ILogger<SendPasswordReset> logger)
{
    public async Task<SendPasswordResetResult> ExecuteAsync(UserId administrator, UserId user, CancellationToken cancellationToken)
    {
        if (await findAccount.ExecuteAsync(user, cancellationToken) is not { } account)
            return new SendPasswordResetResult.NoAccount();
        if ((rules.Refuse(account) ?? (account.IsRecoverableAt(clock.GetUtcNow()) ? null : ResetRefusal.NotRecoverable)) is { } why)
            return new SendPasswordResetResult.Refused(why);
        var entry = new LogEntry(LogAction.PasswordResetSent, clock.Now(), Administrator: administrator);
        await retention.ScheduleAsync([new(LogOwner.Of(user), entry.At + options.Value.LogLifetime)], cancellationToken);
        logger.PasswordResetSent($"{administrator}", $"{user}");
        // On record first, so that no mail goes without an entry.
        await log.AppendAsync(LogOwner.Of(user), entry, cancellationToken);
        await requestPasswordReset.ExecuteAsync(account.Email.ToAccountKey(), null, cancellationToken);
        return new SendPasswordResetResult.Sent();
    }
}

public abstract record SendPasswordResetResult
{
    private SendPasswordResetResult() { }

    public sealed record Sent : SendPasswordResetResult;
    public sealed record NoAccount : SendPasswordResetResult;

    /// <summary>There is neither a mail nor an entry.</summary>
    public sealed record Refused(ResetRefusal Why) : SendPasswordResetResult;
}
