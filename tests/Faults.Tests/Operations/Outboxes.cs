using Serverless.Sessions.Mail;
using Serverless.Sessions.Outbox;

namespace Faults.Tests.Operations;

/// <summary>Before each run a mail is due, and a row whose change died before it promised one.</summary>
internal static class Outboxes
{
    private static readonly TimerRun Timer = new("SendOutbox", 3007);

    public static Operation Operation { get; } = new("timer: send the outbox", Timer,
        async station =>
        {
            var party = await station.Bench.NewPartyAsync(sessions: 0);
            var (key, at) = (party.Account.Email.ToAccountKey(), Bench.Now.AddMinutes(-3));
            var token = await station.Bench.NewTokenAsync(TokenPurpose.Reset, AccountToken.ResetLifetime, party.Account.Id);
            var text = await station.Bench.IssueAsync(key, token);
            var mail = new MailIntent(
                Guid.NewGuid(), MailKind.ResetPassword, party.Email, null, at, token.ExpiresAt, TokenPurpose.Reset, token.Id);
            await station.Bench.Outbox.ScheduleAsync(OutboxDue.New(mail.Id, OutboxChannel.Mail, key.Value, at), default);
            await station.Bench.Outbox.ScheduleAsync(
                OutboxDue.New(Guid.NewGuid(), OutboxChannel.Mail, key.Value, Bench.Now.AddMinutes(-11)), default);
            Assert.True(await station.Bench.Accounts.TryWriteAsync(key, new(Mail: mail), default));
            return new(party) { Token = text };
        })
    {
        Afterwards = async (station, scene) =>
        {
            var link = await station.Bench.FindLinkAsync(scene.User.Account.Email.ToAccountKey(), TokenPurpose.Reset);
            await Post.IsPromisedAsync(station, scene.User.Account.Email, link);
            // What died, or failed, behind its claim is due again a minute later.
            foreach (var due in await Post.DuesAsync(station, scene.User.Key))
            {
                await station.Bench.Table("Timeline").DeleteEntityAsync(due.PartitionKey, due.RowKey);
                due.RowKey = $"{Bench.Now.AddSeconds(-1).UtcTicks:D19}{due.RowKey[19..]}";
                await station.Bench.Table("Timeline").AddEntityAsync(due);
            }

            Assert.Equal(200, (await station.AskAsync(client => Timer.RunAsync(station.App, client))).Status);
            Assert.Contains(station.Mails.All, mail => mail.To == scene.User.Email && mail.Token == link.Text);
            Assert.Empty(await Post.DuesAsync(station, scene.User.Key));
        },
        InStorage = (scene, rows) => Assert.Empty(rows.Beside(scene.User.Key, "o:")),
    };
}
