using Serverless.Sessions.Ending;

namespace Faults.Tests.Run;

/// <summary>What holds for every account, whatever happened (docs/design.md).</summary>
internal static class Invariants
{
    private static readonly string[] Endings = ["logout", "logout_all", "session_revoked", "token_reuse", "session_expired"];

    public static void Check(Case @case, Rows rows)
    {
        var scene = @case.Scene;
        foreach (var key in scene.Keys)
            CheckTimers(key, rows);
        foreach (var party in scene.Moves ? [] : scene.Parties)
        {
            CheckAccount(party.Key, party.UserId, rows);
            CheckSessions(party.UserId, rows);
        }

        foreach (var user in scene.Newborn)
            CheckSessions(user, rows);
    }

    /// <summary>A user has one account that opens sessions, under a key that leads to it, and all about it is right.</summary>
    public static void CheckOnlyAccount(string key, string user, Rows rows)
    {
        Assert.Equal([key], rows.AccountsOf(user).Where(row => row.GetString("State") != "Moved").Select(row => row.PartitionKey));
        Assert.Equal([key], rows.Of(user, 'v').Select(row => row.GetString("AccountKey")));
        CheckAccount(key, user, rows);
        CheckSessions(user, rows);
    }

    // Nothing is left that no timer comes to.
    private static void CheckTimers(string key, Rows rows)
    {
        Assert.All(rows.Beside(key, "o:"), mail => Assert.NotEmpty(rows.Dues(mail.RowKey["o:".Length..])));
        Assert.All(rows.Beside(key, "k:"), token => IsLookedAfterAt(token.GetDateTimeOffset("ExpiresAt")));
        if (rows.Account(key) is null && rows.IsIndexed(key))
            Assert.NotEmpty(rows.Checks(key));
        if (rows.Account(key) is { } account)
        {
            IsLookedAfterAt(account.GetDateTimeOffset("EraseAt"));
            IsLookedAfterAt(account.GetDateTimeOffset("ReservedUntil"));
        }

        void IsLookedAfterAt(DateTimeOffset? time)
        {
            if (time is { } at)
                Assert.Contains(rows.Checks(key), check => string.CompareOrdinal(check, $"{at.UtcTicks:D19}") >= 0);
        }
    }

    /// <summary>The account's own epoch alone is open, but for what the next change closes (<see cref="AppInstance.ReadAsync"/>).</summary>
    public static void CheckAccount(string key, string user, Rows rows)
    {
        var account = rows.Account(key);
        Assert.NotNull(account);
        // Those of the scene are of an earlier release.
        Assert.True(account.GetBoolean("IsIndexed") is null || rows.IsIndexed(key));
        Assert.Equal([$"v:{account.GetString("Epoch")}"], rows.Of(user, 'v').Select(row => row.RowKey));
        Assert.DoesNotContain(account.Keys, column => column.StartsWith("PendingChange", StringComparison.Ordinal));
    }

    public static void CheckSessions(string user, Rows rows)
    {
        var sessions = rows.Of(user, 's');
        foreach (var session in sessions)
            CheckSession(user, session, rows);
        var ids = sessions.Select(row => row.RowKey[2..]).ToHashSet();

        // No record of what did not happen: an entry is about a session that is there, or that was there and expired.
        Assert.All(rows.Of(user, 'l').Where(row => row.GetString("SessionId") is { } id && !ids.Contains(id)), entry =>
            Assert.Contains(rows.Of(user, 'l'), other =>
                other.GetString("SessionId") == entry.GetString("SessionId") && Endings.Contains(other.GetString("Action"))));
        Assert.All(rows.Of(user, 'p'), row => Assert.Contains(row.RowKey[2..], ids));
        CheckNotices(user, sessions, rows);
    }

    // No notice without its cause, no cause without it, and none that a poll could miss.
    private static void CheckNotices(string user, IReadOnlyList<TableEntity> sessions, Rows rows)
    {
        var notices = rows.Of(user, 'n').OrderBy(row => row.RowKey, StringComparer.Ordinal).ToList();
        var last = rows.Of(user, 'h').SingleOrDefault()?.GetInt32("Last") ?? 0;
        // Retention, which leaves a mark in the log, removes from the first on.
        var removed = rows.Of(user, 'l').Any(row => row.RowKey.StartsWith("l:~", StringComparison.Ordinal)) ? last - notices.Count : 0;
        Assert.Equal(last, removed + notices.Count);
        Assert.Equal(
            Enumerable.Range(removed + 1, notices.Count),
            notices.Select(row => int.Parse(row.RowKey.Split(':')[2], CultureInfo.InvariantCulture)));
        // A login that was refused has none.
        Assert.All(notices.Where(row => !row.RowKey.EndsWith(':')), row => Assert.Contains(sessions, session => session.RowKey[2..] == row.RowKey[^32..]));
        Assert.Equal(
            sessions.Where(session => session.GetString("EndReason") == "token_reuse").Select(session => session.RowKey[2..]).Order(),
            notices.Where(row => row.GetString("Kind") == "token_reuse").Select(row => row.RowKey[^32..]).Order());
    }

    private static void CheckSession(string user, TableEntity session, Rows rows)
    {
        var id = session.RowKey[2..];
        // Of what retention has removed, the login and refreshes, the mark tells how many they were.
        var cut = rows.Of(user, 'l').SingleOrDefault(row => row.RowKey == $"l:~{id}")?.GetInt32("AuditCount") ?? 0;
        Assert.Equal(1, rows.Log(user, "login", id).Count + Math.Min(cut, 1));
        Assert.Equal(
            session.GetInt32("Generation"),
            rows.Log(user, "token_refresh", id).Count + rows.Log(user, "session_regenerated", id).Count + Math.Max(cut - 1, 0));

        // It is inspected when it expires, or before.
        var due = $"{session.GetDateTimeOffset("ExpiresAt")!.Value.UtcDateTime:yyyyMMddHH}";
        Assert.Contains(rows.Expiries(id), row => string.CompareOrdinal(row.PartitionKey[5..], due) <= 0);

        var endings = rows.Of(user, 'l').Where(row => row.GetString("SessionId") == id && Endings.Contains(row.GetString("Action"))).ToList();
        var presence = rows.Of(user, 'p').Any(row => row.RowKey == $"p:{id}");
        if (session.GetString("EndReason") is null)
        {
            Assert.Empty(endings);
            Assert.True(presence, "A session that is good has no presence row.");
            return;
        }

        Assert.EndsWith($":{session.GetGuid("EndEntry"):N}", Assert.Single(endings).RowKey, StringComparison.Ordinal);
        Assert.False(presence, "A session that is over has a presence row.");
        Assert.True(string.IsNullOrEmpty(session.GetString("PushEndpoint")), "A session that is over has a push subscription.");
        var before = $"{(session.GetDateTimeOffset("EndedAt")!.Value + SessionEnding.LastTokens).UtcTicks:D19}";
        Assert.Contains(rows.Revocations(id), row => row.RowKey.StartsWith(before, StringComparison.Ordinal));
        // Or it would count as active for ever.
        Assert.Contains(rows.Activities(id), activity => activity.GetString("Kind") == "SessionEnded");
    }
}
