namespace EndToEnd.Tests.Accounts;

/// <summary>Whoever writes to storage behind the service's back is found out.</summary>
[Collection(nameof(App))]
public sealed class AuditTests(App app)
{
    [Fact]
    public async Task The_history_of_a_session_is_told_with_its_verdict_until_after_its_end()
    {
        var login = await app.LoginAsync();
        var refreshed = (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        var alive = await AuditAsync(login);
        Assert.Equal(["2 token_refresh", "1 login"], Lines(alive));
        Assert.True(alive.Json.GetProperty("intact").GetBoolean());

        (await app.Client.LogoutAsync(refreshed.AccessToken)).IsEmpty();
        await app.Tables.Sessions.DeleteEntityAsync(login.UserId, $"s:{login.SessionId}", ETag.All);
        var gone = await AuditAsync(login);
        Assert.Equal(["3 logout", "2 token_refresh", "1 login"], Lines(gone));
        Assert.True(gone.Json.GetProperty("intact").GetBoolean());
    }

    [Fact]
    public async Task A_deleted_entry_is_found()
    {
        var login = await RefreshedAsync();
        var entry = await EntryAsync(login, "login");
        await app.Tables.Sessions.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, ETag.All);
        await BreaksAsync(login, "entry_missing", 1);
    }

    [Fact]
    public async Task An_edited_entry_is_found()
    {
        var login = await RefreshedAsync();
        var entry = await EntryAsync(login, "token_refresh");
        entry["IpAddress"] = "198.51.100.1";
        await app.Tables.Sessions.UpdateEntityAsync(entry, ETag.All, TableUpdateMode.Replace);
        await BreaksAsync(login, "entry_changed", 2);
        Assert.Contains(Printed.Of(2028), app.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_in_another_order_are_found()
    {
        var login = await app.LoginAsync();
        (await app.Client.RefreshAsync((await app.Client.RefreshAsync(login.RefreshToken)).IsOk().RefreshToken)).IsOk();
        var entries = (await app.Tables.EntriesAsync(login)).Where(row => row.GetString("Action") == "token_refresh").ToList();
        (entries[0]["AuditSequence"], entries[1]["AuditSequence"]) = (entries[1]["AuditSequence"], entries[0]["AuditSequence"]);
        foreach (var entry in entries)
            await app.Tables.Sessions.UpdateEntityAsync(entry, ETag.All, TableUpdateMode.Replace);
        await BreaksAsync(login, "entry_changed", 2);
    }

    [Fact]
    public async Task A_deleted_beginning_that_a_mark_made_by_hand_excuses_is_found()
    {
        var login = await RefreshedAsync();
        var entry = await EntryAsync(login, "login");
        await app.Tables.Sessions.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, ETag.All);
        await app.Tables.Sessions.AddEntityAsync(new TableEntity(login.UserId, $"l:~{login.SessionId}")
        {
            ["SessionId"] = login.SessionId, ["AuditCount"] = 1, ["AuditCode"] = entry["AuditCode"],
            ["AuditKey"] = entry["AuditKey"], ["AuditSeal"] = entry["AuditCode"],
        });
        await BreaksAsync(login, "cut_changed", 1);
    }

    [Fact]
    public async Task A_session_that_is_unknown_has_no_history()
    {
        var login = await app.LoginAsync();
        (await AuditAsync(login, session: new string('0', 32))).IsProblem(404, "not_found");
        (await AuditAsync(login, session: "x")).IsProblem(404, "not_found");
    }

    [Fact]
    public async Task A_long_history_comes_in_pages_with_the_verdict_on_each()
    {
        var login = await app.LoginAsync();
        var token = login.RefreshToken;
        for (var i = 0; i < 4; i++)
            token = (await app.Client.RefreshAsync(token)).IsOk().RefreshToken;
        var lines = new List<string>();
        for (var query = "?limit=2"; query is not null;)
        {
            var page = await AuditAsync(login, query: query);
            Assert.True(page.Json.GetProperty("intact").GetBoolean());
            Assert.Equal(5, page.Json.Number("count"));
            lines.AddRange(Lines(page));
            query = page.Json.TryGetProperty("next", out var next) ? $"?limit=2&after={next.GetString()}" : null;
        }

        Assert.Equal(["5 token_refresh", "4 token_refresh", "3 token_refresh", "2 token_refresh", "1 login"], lines);
    }

    [Fact]
    public async Task The_sessions_of_a_user_are_audited_at_once_and_logged_once()
    {
        var email = await app.NewAccountAsync();
        var (whole, keyless) = (await LoginAsync(), await LoginAsync());
        var entry = await EntryAsync(keyless, "login");
        entry["AuditKey"] = new string('0', 16);
        await app.Tables.Sessions.UpdateEntityAsync(entry, ETag.All, TableUpdateMode.Replace);
        Answer[] broken = [await LoginAsync(), await LoginAsync()];
        foreach (var each in broken)
        {
            (await app.Client.LogoutAsync(each.AccessToken)).IsEmpty();
            entry = await EntryAsync(each, "login");
            await app.Tables.Sessions.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, ETag.All);
        }

        var audit = (await app.AdminGetAsync($"admin/accounts/{whole.UserId}/audit")).IsOk().Json;
        Assert.True(audit.GetProperty("complete").GetBoolean());
        Assert.Equal(
            [
                (broken[1].SessionId, false, "entry_missing", 1), (broken[0].SessionId, false, "entry_missing", 1),
                (keyless.SessionId, false, "key_unknown", 1), (whole.SessionId, true, null, 1),
            ],
            audit.Items("sessions").Select(each => (
                each.Text("sessionId"), each.GetProperty("intact").GetBoolean(),
                each.TryGetProperty("break", out var found) ? found.Text("kind") : null, (int)each.Number("count"))));
        foreach (var (id, count) in ((int Id, int Count)[])[(2028, 2), (2029, 1)])
        {
            var line = Assert.Single(Printed.Lines(id, app.Output), line => line.Contains($"{whole.UserId}", StringComparison.Ordinal));
            Assert.Contains($"of the user: {count}", line, StringComparison.Ordinal);
        }

        (await app.AdminGetAsync("admin/accounts/x/audit")).IsProblem(404, "not_found");

        async Task<Answer> LoginAsync() => (await app.Client.LoginAsync(email, AppSettings.Password)).IsOk();
    }

    private async Task<Answer> RefreshedAsync()
    {
        var login = await app.LoginAsync();
        (await app.Client.RefreshAsync(login.RefreshToken)).IsOk();
        return login;
    }

    private async Task<TableEntity> EntryAsync(Answer login, string action) =>
        (await app.Tables.EntriesAsync(login)).Single(row => row.GetString("Action") == action);

    private Task<Answer> AuditAsync(Answer login, string? session = null, string query = "") =>
        app.AdminGetAsync($"admin/accounts/{login.UserId}/sessions/{session ?? login.SessionId}/audit{query}");

    private async Task BreaksAsync(Answer login, string kind, int sequence)
    {
        var answer = (await AuditAsync(login)).IsOk().Json;
        Assert.False(answer.GetProperty("intact").GetBoolean());
        var broken = answer.GetProperty("break");
        Assert.Equal((kind, sequence), (broken.Text("kind"), broken.Number("sequence")));
    }

    private static IEnumerable<string> Lines(Answer audit) =>
        audit.IsOk().Json.Items("logs").Select(each => $"{each.Number("sequence")} {each.GetProperty("entry").Text("action")}");
}
