namespace Serverless.Functions.Health;

public sealed class HealthProbes(
    CheckReadiness checkReadiness, Callers callers, PasswordHashing hashing, LocationDatabase locations,
    ILogger<HealthProbes> log, ISharedSessions? shared = null)
{
    public const string Live = "HealthLive";

    [Function(Live)]
    [Operation("Reports whether the process responds.", Access = Access.Anyone)]
    [Answers(200, "It responds. Storage isn't checked: a restart wouldn't repair it.", typeof(LiveBody))]
    public static Task<HttpResponseData> LiveAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "health/live")] HttpRequestData request) =>
        request.ReplyAsync(new LiveBody("live"), WireJson.Default.LiveBody);

    [Function("HealthReady")]
    [Operation("Reports whether this instance can serve requests, and the lag of each timer.",
        "503 if storage can't be reached or the key ring was never read; `detail` says which. A lag or a stale ring never "
        + "makes an instance unready. Storage is probed at most every 5 seconds, one probe at a time.", Access = Access.Anyone)]
    [Answers(200, "Storage can be reached, and the key ring is loaded.", typeof(ReadyBody))]
    public async Task<HttpResponseData> ReadyAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "health/ready")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var result = await checkReadiness.ExecuteAsync(cancellationToken);
        return await (result switch
        {
            ReadinessResult.Ready { Keys: var keys } ready => request.ReplyAsync(
                new("ready", "reachable", NameOf(callers),
                    new(KeyRingBody.NameOf(keys), (long)keys.Age.TotalSeconds),
                    [.. ready.Timers.Select(lag => new TimerLagBody(lag.Timer, (long?)lag.Lag?.TotalSeconds))],
                    ready.UnreadableRows, NameOf(hashing), LocationsBody.Of(locations), NameOf(shared)), WireJson.Default.ReadyBody),
            ReadinessResult.NoKeys { Cause: var cause } => RefuseAsync("The key ring can't be read.", cause),
            ReadinessResult.NoStorage { Cause: var cause } => RefuseAsync("Storage can't be reached; the key ring is loaded.", cause),
            _ => throw new UnreachableException(),
        });

        Task<HttpResponseData> RefuseAsync(string detail, string cause)
        {
            log.StorageUnavailable("HealthReady", cause);
            return request.ReplyAsync(new Problem(ProblemCode.Unavailable, detail, RetryAfter: CheckReadiness.CacheLifetime));
        }
    }

    internal static string NameOf(Callers callers) => callers.MetUnknownAddress ? "unknown" : "known";

    internal static string? NameOf(ISharedSessions? shared) =>
        shared is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName($"{shared.State}");

    internal static string NameOf(PasswordHashing hashing) => hashing.WhyNoArgon2 is null ? "argon2id" : "pbkdf2";
}

internal sealed record LiveBody([AllowedValues("live")] string Status);

internal sealed record ReadyBody(
    [AllowedValues("ready")] string Status, [AllowedValues("reachable")] string Storage,
    [AllowedValues("known", "unknown")]
    [Description("`unknown` if a request since the start passed fewer proxies than `Network__TrustedProxyHops`.")]
    string ClientAddresses,
    KeyRingBody KeyRing, IReadOnlyList<TimerLagBody> Timers,
    [Description("Number of rows that the instance couldn't read since it started.")] int UnreadableRows,
    [AllowedValues("argon2id", "pbkdf2"), Description("How new passwords are hashed: with `pbkdf2` only where libsodium can't be loaded.")]
    string PasswordHashes,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The database of locations; absent if they are off.")]
    LocationsBody? Locations,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [AllowedValues("connected", "partial", "unavailable")]
    [Description("Whether what instances share is used; `partial` while an instance isn't heard. Absent if it is off.")]
    string? Redis);

internal sealed record LocationsBody(
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [RegularExpression(Pattern.Day), Description("The day on which the database in use was made; absent without one.")]
    string? DatabaseDate,
    [property: JsonIgnore(Condition = WhenWritingNull), AllowedValues("missing", "unreadable")]
    [Description("Why the file isn't used as it is now; absent if it is.")] string? Problem,
    [Description("Whether the database in use was made more than 180 days ago.")] bool IsOld)
{
    public static LocationsBody? Of(LocationDatabase database) => !database.IsOn ? null
        : new(database.DatabaseDate is { } day ? DayRange.Write(day) : null, database.Problem, database.IsOld);
}

internal sealed record KeyRingBody(
    [AllowedValues("current", "stale"), Description("`stale` if the ring couldn't be reloaded; the last one stays in use.")] string State,
    [Description("How long ago it was read.")] long AgeSeconds)
{
    public static string NameOf(KeyRingState state) => state.Stale ? "stale" : "current";
}

internal sealed record TimerLagBody(
    string Name, [Description("How long its oldest work has been due; null before its first run.")] long? LagSeconds);
