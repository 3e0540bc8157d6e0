using System.Diagnostics;

namespace Serverless.Tables.Tests;

[Collection(nameof(TimedCollection))]
public sealed class LoginTimeTests(TableFixture fixture)
{
    private const int Emails = 60;

    // One below the lock.
    private const int TriesOfEach = 4;

    // By chance once in 15,000 runs; at 240 tries reached where one kind takes longer than the other in 61 of 100 pairs.
    private const double MostDeviations = 4;

    private readonly CountingPolicy _requests = new();

    [Fact]
    [Trait("Run", "nightly")]
    public async Task A_refused_login_takes_as_long_without_an_account_as_with_one()
    {
        using var service = new Service(fixture.CreateStores(_requests), new(), weakHashes: false);
        List<Account> known = [];
        while (known.Count < Emails)
            known.Add(await service.CreateAccountAsync());
        var unknown = Enumerable.Range(0, Emails).Select(_ => Service.NewEmail());
        var emails = known.Select(account => (account.Email, Exists: true)).Concat(unknown.Select(email => (email, Exists: false))).ToArray();
        await service.TryLoginAsync(Service.NewEmail()); // What only the first login does.

        List<double> withAccount = [], without = [];
        for (var i = 0; i < TriesOfEach; i++)
        {
            // In a new random order each time, so that what else this machine does falls on both alike.
            Random.Shared.Shuffle(emails);
            foreach (var (email, exists) in emails)
                (exists ? withAccount : without).Add(await TimeAsync(service, email));
        }

        var deviations = Deviations(withAccount, without);
        Assert.True(
            Math.Abs(deviations) < MostDeviations,
            $"Medians {Median(withAccount):F2} ms with an account and {Median(without):F2} ms without, {deviations:F1} standard deviations apart.");
    }

    private async Task<double> TimeAsync(Service service, Email email)
    {
        var elapsed = TimeSpan.Zero;
        Assert.Equal(TransactionBudgets.FailedLogin, await _requests.CountAsync(async () =>
        {
            var before = Stopwatch.GetTimestamp();
            var result = await service.TryLoginAsync(email, "wrong password");
            elapsed = Stopwatch.GetElapsedTime(before);
            Assert.IsType<StartSessionResult.InvalidCredentials>(result);
        }));
        return elapsed.TotalMilliseconds;
    }

    // By the Mann-Whitney U test, which compares ranks, so the outliers of a busy machine weigh no more than others: how many
    // standard deviations U is off, negative where the first tend to be smaller.
    private static double Deviations(List<double> first, List<double> second)
    {
        var larger = first.Sum(one => second.Sum(other => one > other ? 1 : one == other ? 0.5 : 0));
        var pairs = (double)first.Count * second.Count;
        return (larger - (pairs / 2)) / Math.Sqrt(pairs * (first.Count + second.Count + 1) / 12);
    }

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
