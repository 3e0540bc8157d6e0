using System.Security.Cryptography;

namespace EndToEnd.Tests.Storage;

public sealed class Tables(string connectionString, string prefix = "")
{
    public TableClient Accounts { get; } = new(connectionString, prefix + nameof(Accounts));
    public TableClient Sessions { get; } = new(connectionString, prefix + nameof(Sessions));
    public TableClient Timeline { get; } = new(connectionString, prefix + nameof(Timeline));
    public TableClient Security { get; } = new(connectionString, prefix + nameof(Security));

    public static string AccountKey(string email) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(email)))[..32];
    public Task<TableEntity?> FindSessionAsync(Answer login) => FindAsync(Sessions, login.UserId, $"s:{login.SessionId}");
    public async Task<int?> GenerationAsync(Answer login) => (await FindSessionAsync(login))?.GetInt32("Generation");

    public async Task<IReadOnlyList<TableEntity>> EntriesAsync(Answer login)
    {
        var (user, session) = (login.UserId, login.SessionId);
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {user} and RowKey ge {"l:"} and RowKey lt {"l;"} and SessionId eq {session}");
        return await Sessions.QueryAsync<TableEntity>(filter).ToListAsync();
    }

    public async Task<IReadOnlyList<string>> LogAsync(Answer login) =>
        [.. (await EntriesAsync(login)).Select(row => row.GetString("Action"))];

    /// <summary>As if the grace after its rotations were over.</summary>
    public Task EndGraceAsync(Answer login)
    {
        var past = new TableEntity(login.UserId, $"s:{login.SessionId}");
        for (var slot = 0; slot < 8; slot++)
            past[$"R{slot}"] = DateTimeOffset.UtcNow.AddHours(-1);
        return Sessions.UpdateEntityAsync(past, ETag.All, TableUpdateMode.Merge);
    }

    /// <summary>As if its user had proved so, and so long ago, who they are; tokens say so from the next refresh on.</summary>
    public Task SetProofAsync(Answer login, TimeSpan ago, string methods = "pwd") => Sessions.UpdateEntityAsync(
        new TableEntity(login.UserId, $"s:{login.SessionId}")
        { ["AuthenticatedAt"] = DateTimeOffset.UtcNow - ago, ["AuthenticationMethods"] = methods },
        ETag.All, TableUpdateMode.Merge);

    public async Task<(TableEntity Row, JsonNode Ring)> KeysAsync()
    {
        var row = (await FindAsync(Security, "ring", "ring"))!;
        return (row, JsonNode.Parse(row.GetString("Keys"))!);
    }

    /// <returns>An access token that the app itself would have issued a day ago.</returns>
    public async Task<string> AgeAsync(Answer login)
    {
        var jwt = Jwt.Parse(login.AccessToken);
        var claims = JsonNode.Parse(jwt.ClaimsJson)!;
        foreach (var name in (string[])["iat", "exp", "auth_time"])
            claims[name] = claims[name]!.GetValue<long>() - 86_400;
        var keys = (await KeysAsync()).Ring["signing"]!.AsArray();
        var key = keys.Single(each => each!["id"]!.GetValue<string>() == jwt.Header.Text("kid"))!["key"]!.GetValue<string>();
        using var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(Convert.FromBase64String(key), out _);
        var header = jwt.Header.GetRawText();
        return Jwt.Sign(header, claims.ToJsonString(), signed => ecdsa.SignData(signed, HashAlgorithmName.SHA256));
    }

    /// <returns>The state that the app itself would have written at another time.</returns>
    public async Task<string> MoveCeremonyAsync(string state, TimeSpan by)
    {
        // Behind its code: kind, key, purpose, challenge, user, session, origin, expiry, address.
        var fields = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(state)[HMACSHA256.HashSizeInBytes..]).Split('\n');
        fields[^2] = (long.Parse(fields[^2], CultureInfo.InvariantCulture) + by.Ticks).ToString(CultureInfo.InvariantCulture);
        var keys = (await KeysAsync()).Ring["mac"]!.AsArray();
        var key = keys.Single(each => each!["id"]!.GetValue<string>() == fields[1])!["key"]!.GetValue<string>();
        var content = Encoding.UTF8.GetBytes(string.Join('\n', fields));
        return Base64Url.EncodeToString([.. HMACSHA256.HashData(Convert.FromBase64String(key), content), .. content]);
    }

    /// <summary>As a change of email that is taken back does it.</summary>
    public async Task RemovePasswordAsync(string email)
    {
        var key = AccountKey(email);
        var row = (await FindAsync(Accounts, key, $"a:{key}"))!;
        row.Remove("PasswordHash");
        await Accounts.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
    }

    /// <param name="absolutely">Whether its absolute lifetime is over, too.</param>
    /// <param name="reason">Why it expires if not absolutely.</param>
    public Task ExpireAsync(Answer login, DateTimeOffset at, bool absolutely = false, string reason = "expired_idle")
    {
        var past = new TableEntity(login.UserId, $"s:{login.SessionId}")
        { ["ExpiresAt"] = at, ["ExpiryReason"] = reason, ["AbsoluteExpiresAt"] = absolutely ? at : at.AddHours(1) };
        return Sessions.UpdateEntityAsync(past, ETag.All, TableUpdateMode.Merge);
    }

    public Task FlagAsync(string address, DateTimeOffset expiresAt) => Security.UpsertEntityAsync(new TableEntity("ip", address)
    {
        ["WindowMinutes"] = 60.0, ["Count"] = 11, ["Failures"] = 11, ["DistinctAccounts"] = 11,
        ["FirstAt"] = expiresAt.AddHours(-24), ["LastAt"] = expiresAt.AddHours(-24), ["ExpiresAt"] = expiresAt,
    });

    public static async Task<TableEntity?> FindAsync(TableClient table, string partition, string row)
    {
        var answer = await table.GetEntityIfExistsAsync<TableEntity>(partition, row);
        return answer.HasValue ? answer.Value : null;
    }

    public async Task<IReadOnlySet<string>> SnapshotAsync()
    {
        var rows = new HashSet<string>();
        foreach (var table in new[] { Accounts, Sessions, Timeline, Security })
        {
            await foreach (var row in table.QueryAsync<TableEntity>(select: ["PartitionKey", "RowKey", "Timestamp"]))
            {
                if (row.PartitionKey is not ("ip" or "event" or "cursor"))
                    rows.Add($"{table.Name} {row.PartitionKey} {row.RowKey} {row.ETag}");
            }
        }

        return rows;
    }
}
