using Serverless.Sessions.Text;

namespace Faults.Tests.Operations;

/// <summary>Before each run an email is free again that a moved account has reserved, and the creation of an account has died.</summary>
internal static class Leftovers
{
    public static Operation Operation { get; } = new("timer: remove what is left of accounts", new("RaiseSecurityAlerts", 3006),
        async station =>
        {
            var due = Bench.Now.AddMinutes(-1);
            var moved = await station.Bench.NewPartyAsync(sessions: 0);
            await Erasures.CloseAsync(station, moved, "Moved", due, ("ReservedUntil", due));
            var email = Bench.NewEmail();
            var died = new Account(
                UserId.New(due), email, await Bench.Hash.Value, [], AccountState.Active, Ulid.New(due.AddMinutes(-20)), CreatedAt: due);
            await station.Bench.Timeline.ScheduleChangeAsync(new(email.ToAccountKey(), due, died.Id, EmailPosition.Of(email)), default);
            await station.Bench.Epochs.OpenFirstEpochAsync(died, default);
            foreach (var left in new[] { moved.Account.Email, email })
                await station.Bench.Emails.AddAsync(EmailPosition.Of(left), due.AddMinutes(-20), default);
            return new(moved) { Moves = true, Newcomers = [email], MoreMarks = [$"{died.Id}"] };
        })
    {
        InStorage = (scene, rows) =>
        {
            Assert.Null(rows.Account(scene.User.Key));
            Assert.DoesNotContain(scene.Keys, rows.IsIndexed);
            foreach (var kind in "vh")
                Assert.Empty(rows.Of(scene.MoreMarks[0], kind));
        },
    };
}
