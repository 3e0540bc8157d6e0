namespace Serverless.Tables.Tests;

[Collection(nameof(TableFixture))]
public sealed class ErasureTests(TableFixture fixture)
{
    private readonly FakeClock _clock = new();

    [Fact]
    public async Task No_table_names_an_erased_user_but_for_what_falls_due_and_in_the_end_none_does()
    {
        var prefix = TableFixture.NewPrefix();
        using var service = new Service(fixture.CreateStores(prefix: prefix, shards: 1), _clock);
        var email = Service.NewEmail();
        await service.RaiseAlerts.ExecuteAsync(default);
        await service.TryLoginAsync(email, "wrong password", client: new("198.51.100.4", null, null));
        await service.CreateAccountAsync(email);
        var first = await service.LoginAsync(email, remember: true);
        var session = (await service.LoginAsync(email, client: new("198.51.100.5", "Mozilla/5.0", "a phone"))).Session;
        var other = (await service.LoginAsync()).Session;
        await service.SendMessage.ExecuteAsync(session.UserId, other.UserId, "hello", "a key of mine", default);
        await service.LogoutAsync(first.Session);
        for (var i = 0; i < 5; i++)
            await service.TryLoginAsync(email, "wrong password", client: new("198.51.100.6", null, null));
        await service.RaiseAlerts.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromHours(2));
        await service.RollUp.ExecuteAsync(default);
        Assert.IsType<CloseAccountResult.Closed>(await service.CloseAsync(session));
        var (id, key) = ($"{session.UserId}", $"{email.ToAccountKey()}");
        string[] personal =
            [id, key, email.Value, $"{session.Id}", $"{first.Session.Id}", "198.51.100.4", "198.51.100.5", "198.51.100.6"];
        foreach (var each in personal.Except(["198.51.100.6"]))
            Assert.NotEmpty(await FindAsync(each));

        _clock.Advance(TimeSpan.FromDays(31));
        await service.Purge.ExecuteAsync(default);
        await service.RaiseAlerts.ExecuteAsync(default);
        _clock.Advance(TimeSpan.FromMinutes(16));
        await service.RaiseAlerts.ExecuteAsync(default);

        // The copy of the other participant, when logs and copies are to be purged, revocations, mail that is due, and the addresses
        // of failed logins of a day, which are counted for all users together.
        foreach (var each in personal)
        {
            Assert.All(await FindAsync(each), place => Assert.True(
                place.StartsWith($"Sessions {other.UserId} ", StringComparison.Ordinal) || place.StartsWith("Timeline r:", StringComparison.Ordinal)
                || place.StartsWith("Timeline f:", StringComparison.Ordinal) || place.StartsWith("Timeline o:", StringComparison.Ordinal)
                || place.StartsWith("Statistics d:", StringComparison.Ordinal) && each.StartsWith("198.", StringComparison.Ordinal), $"{each} in {place}"));
        }

        _clock.Advance(TimeSpan.FromDays(91));
        await service.RollUp.ExecuteAsync(default);
        var retention = await service.PurgeOldLogs.ExecuteAsync(default);
        Assert.Equal((0, true), (retention.Unreadable, retention.Finished));
        foreach (var each in personal)
        {
            var places = (await FindAsync(each)).Where(place => !place.StartsWith("Statistics", StringComparison.Ordinal)
                && !place.StartsWith($"Sessions {other.UserId} c:", StringComparison.Ordinal)
                && !place.StartsWith("Timeline o:", StringComparison.Ordinal));
            Assert.Empty(places);
        }

        async Task<List<string>> FindAsync(string text)
        {
            var found = new List<string>();
            foreach (var name in TableSet.Names)
            {
                await foreach (var row in fixture.Table(prefix, name).QueryAsync<TableEntity>())
                {
                    if (row.Any(column => $"{column.Value}".Contains(text, StringComparison.OrdinalIgnoreCase)))
                        found.Add($"{name} {row.PartitionKey} {row.RowKey}");
                }
            }

            return found;
        }
    }
}
