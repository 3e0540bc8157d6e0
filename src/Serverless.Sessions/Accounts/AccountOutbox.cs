namespace Serverless.Sessions.Accounts;

/// <summary>Writes tokens and mails of an account in their order: first when the mail is due and when the token expires, then both in
/// the account's transaction, then the mail is posted. So a promised mail is never lost,
/// and a crash leaves rows that lead nowhere.</summary>
public sealed class AccountOutbox(IAccountStore accounts, ITimeline timeline, IOutboxStore outbox, OutboxQueue queue, TimeProvider clock)
{
    /// <summary>Writes what depends on the rows of an email, by the same calls whatever they are.</summary>
    internal async Task WriteAsync(
        AccountKey key, Func<StoredAccount, AccountWrites> write, CancellationToken cancellationToken)
    {
        for (var tries = new Retries(clock); ; await tries.NextAsync(cancellationToken))
        {
            var stored = await accounts.ReadAsync(key, cancellationToken);
            var writes = write(stored);
            // What a stranger asks for must not replace a link that came meanwhile.
            if (writes.Issue is { } issue)
                writes = writes with { Issue = issue with { Version = stored.Find(issue.Purpose)?.Version } };
            await ScheduleAsync(key, writes, cancellationToken);
            // The storage client may have repeated a call whose reply was lost: then a refusal answers the second try.
            if (await accounts.TryWriteAsync(key, writes, cancellationToken)
                || (writes.Mail is { } mail && await accounts.FindIntentAsync(key, mail.Id, cancellationToken) is not null))
            {
                Post(key, writes);
                return;
            }
        }
    }

    internal Task ScheduleAsync(AccountKey key, AccountWrites? writes, CancellationToken cancellationToken) => Task.WhenAll(
        writes?.Mail is { } mail ? outbox.ScheduleAsync(DueOf(key, mail), cancellationToken) : Task.CompletedTask,
        writes?.Issue is { } token ? timeline.ScheduleChangeAsync(new(key, token.KeptUntil), cancellationToken) : Task.CompletedTask);

    internal void Post(AccountKey key, AccountWrites? writes)
    {
        if (writes?.Mail is { } mail)
            queue.Post(DueOf(key, mail));
    }

    private static OutboxDue DueOf(AccountKey key, MailIntent mail) =>
        OutboxDue.New(mail.Id, OutboxChannel.Mail, key.Value, mail.CreatedAt);
}
