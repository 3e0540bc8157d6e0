namespace Faults.Tests.Soak;

internal sealed class FinalCheck(User user, IReadOnlyList<SessionClient> instances)
{
    /// <summary>Every good session works at every instance, and every other has its reason there.</summary>
    public async Task AskAsync()
    {
        foreach (var device in user.Devices)
        {
            foreach (var client in instances)
            {
                var status = await client.StatusAsync(device.AccessToken);
                if (device.IsLive)
                {
                    Assert.Equal(device.Id, status.IsOk().SessionId);
                    device.Step((await client.RefreshAsync(device.RefreshToken)).IsOk());
                }
                else
                {
                    status.IsProblem(401, "session_ended", device.EndReason);
                    (await client.RefreshAsync(device.RefreshToken)).IsProblem(401, "session_ended", device.EndReason);
                }
            }
        }
    }

    public void Compare(Rows rows)
    {
        var id = user.Party.UserId;
        foreach (var device in user.Devices)
            CompareDevice(device, rows);
        Invariants.CheckAccount(user.Party.Key, id, rows);
        Invariants.CheckSessions(id, rows);

        var known = user.Devices.Select(device => $"s:{device.Id}").ToHashSet();
        var strangers = rows.Of(id, 's').Where(row => !known.Contains(row.RowKey)).ToList();
        Assert.True(strangers.Count <= user.UnansweredLogins, $"{strangers.Count} sessions more than {user.UnansweredLogins} unanswered logins.");
        Assert.All(strangers, row => Assert.Equal(0, row.GetInt32("Generation")));

        // A change of the password that is repeated when it is done counts as a failed login.
        Assert.All(rows.Of(id, 'l').Where(entry => entry.GetString("SessionId") is null), entry => Assert.Equal("login", entry.GetString("Action")));
    }

    private void CompareDevice(Device device, Rows rows)
    {
        var row = rows.Session(user.Party.UserId, device.Id);
        Assert.True(row is not null, $"The session {device.Id} is lost.");
        Assert.Equal(device.EndReason, row.GetString("EndReason"));
        var generation = row.GetInt32("Generation")!.Value;
        Assert.InRange(generation, device.Steps, device.Steps + (device.MayHaveSteppedOnceMore ? 1 : 0));

        string[] expected =
        [
            "login",
            .. Enumerable.Repeat("token_refresh", generation),
            .. Enumerable.Repeat("password_changed", device.PasswordChanges),
            .. device.EndAction is { } end ? [end] : Array.Empty<string>(),
        ];
        var entries = rows.Of(user.Party.UserId, 'l').Where(entry => entry.GetString("SessionId") == device.Id);
        Assert.Equal(Summary(expected), Summary(entries.Select(entry => entry.GetString("Action"))));
    }

    private static string Summary(IEnumerable<string> actions) =>
        string.Join(", ", actions.GroupBy(action => action).OrderBy(group => group.Key).Select(group => $"{group.Count()} {group.Key}"));
}
