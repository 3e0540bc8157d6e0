using Azure.Core;
using Azure.Identity;

namespace Serverless.Redis;

/// <summary>How to reach Redis, and within which times.</summary>
internal static class RedisAddress
{
    public static bool IsValid(string address)
    {
        try
        {
            return address.Length == 0 || ConfigurationOptions.Parse(address).EndPoints.Count > 0;
        }
        // The parser reports failure only by exceptions, of several kinds.
        catch (Exception exception) when (exception is ArgumentException or FormatException or OverflowException)
        {
            return false;
        }
    }

    public static ConfigurationOptions Read(RedisOptions options, RedisIdentity? identity)
    {
        var read = ConfigurationOptions.Parse(options.ConnectionString.Length > 0 ? options.ConnectionString : options.Endpoint);
        if (identity is not null)
        {
            read.Ssl = true;
            read.Defaults = identity;
        }

        // All calls share a connection, so that news can't overtake each other; the client hears them on another one.
        read.Protocol = RedisProtocol.Resp3;
        // InstanceBeats tries again. A connection that was there once comes back by itself.
        read.AbortOnConnectFail = true;
        read.BacklogPolicy = BacklogPolicy.FailFast;
        read.ReconnectRetryPolicy = new LinearRetry((int)TimeSpan.FromSeconds(1).TotalMilliseconds);
        read.ConnectTimeout = (int)TimeSpan.FromSeconds(2).TotalMilliseconds;
        read.ConnectRetry = 1;
        // RedisConnection has a shorter limit of its own; this one frees what it has given up.
        read.AsyncTimeout = read.SyncTimeout = (int)TimeSpan.FromSeconds(1).TotalMilliseconds;
        // A dead connection is noticed by a ping, not by the system's timeout of minutes.
        read.KeepAlive = 1;
        read.HeartbeatInterval = TimeSpan.FromMilliseconds(500);
        read.IncludeDetailInExceptions = false;
        read.SetClientLibrary = false;
        read.TieBreaker = "";
        // Redis__KeyPrefix is for the channel, too; with another one nothing would be heard.
        read.ChannelPrefix = default;
        return read;
    }
}

/// <summary>Logs in with the app's managed identity: its object id and a token of Microsoft Entra ID, renewed before it expires.</summary>
internal sealed class RedisIdentity(TokenCredential credential) : StackExchange.Redis.Configuration.DefaultOptionsProvider
{
    private static readonly TokenRequestContext Scope = new(["https://redis.azure.com/.default"]);
    private static readonly TimeSpan Early = TimeSpan.FromMinutes(5);

    // A provider that is away retries for more than a minute.
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private AccessToken _token;
    private string? _user;
    private Task? _renewal;

    public static RedisIdentity OfApp() => new(new DefaultAzureCredential(new DefaultAzureCredentialOptions
    {
        ExcludeInteractiveBrowserCredential = true,
        Diagnostics = { IsLoggingEnabled = false, IsTelemetryEnabled = false, IsDistributedTracingEnabled = false },
    }));

    public override string? User => _user;
    public override string? Password => _token.Token;

    /// <summary>Gets a new token when the present one is about to expire; true if there is a new one. Waits only for the first: while the
    /// present one holds, a later call returns the result.</summary>
    public async Task<bool> TryRenewAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_renewal is null && _user is not null && now < _token.ExpiresOn - Early)
            return false;
        var renewal = _renewal ??= RenewAsync(cancellationToken);
        if (_user is not null && !renewal.IsCompleted)
            return false;
        _renewal = null;
        await renewal;
        return true;
    }

    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        _token = await credential.GetTokenAsync(Scope, cancellationToken).AsTask().WaitAsync(Longest, cancellationToken);
        _user = ObjectIdOf(_token.Token);
    }

    // The middle part of a JWT. Redis verifies the token; this only needs its name.
    internal static string? ObjectIdOf(string token)
    {
        var parts = token.Split('.');
        if (parts.Length != 3)
            return null;
        using var claims = System.Text.Json.JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
        return claims.RootElement.TryGetProperty("oid", out var id) ? id.GetString() : null;
    }
}
