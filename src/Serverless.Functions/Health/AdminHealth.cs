using Microsoft.Extensions.Configuration;

namespace Serverless.Functions.Health;

public sealed class AdminHealth(
    ReadHealth readHealth, IConfiguration configuration, Callers callers, PasswordHashing hashing, LocationDatabase locations,
    ISharedSessions? shared = null)
{
    [Function("GetHealth")]
    [Operation("Returns the health of the service: storage, timers, keys, outbox, and what this instance uses.",
        "At most 5 seconds old. It answers 503 whenever `health/ready` does, which says why.")]
    [Answers(200, "The figures.", typeof(HealthBody))]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = AdminRoutes.Prefix + "health")] HttpRequestData request,
        CancellationToken cancellationToken)
    {
        var health = await readHealth.ExecuteAsync(cancellationToken);
        var body = new HealthBody(
            health.At, new((long)health.Latency.TotalMilliseconds),
            [.. health.Readiness.Timers.Select(each => new TimerHealthBody(
                each.Timer, (long?)each.Lag?.TotalSeconds, configuration[$"{each.Timer}Schedule"]!, IsDisabled(each.Timer),
                health.LastRuns.TryGetValue(each.Timer, out var at) ? at : null))],
            new(KeyRingBody.NameOf(health.Readiness.Keys), health.KeysCreatedAt, [.. health.Keys.Select(KeyInUseBody.Of)]),
            new(
                health.Waiting, (long?)health.OldestAge?.TotalSeconds, health.WaitingIsComplete, health.DeadLetters,
                health.DeadLettersAreComplete, health.NewestDeadLetterAt),
            HealthProbes.NameOf(callers), HealthProbes.NameOf(shared), LocationsBody.Of(locations), health.Readiness.UnreadableRows,
            HealthProbes.NameOf(hashing));
        return await request.ReplyAsync(body, WireJson.Default.HealthBody);
    }

    // The host's own setting; on Linux its name has __ for dots.
    private bool IsDisabled(string timer) => bool.TryParse(
        configuration[$"AzureWebJobs.{timer}.Disabled"] ?? configuration[$"AzureWebJobs:{timer}:Disabled"],
        out var isDisabled) && isDisabled;
}

internal sealed record HealthBody(
    DateTimeOffset At, StorageHealthBody Storage, IReadOnlyList<TimerHealthBody> Timers, KeysHealthBody Keys, OutboxHealthBody Outbox,
    [AllowedValues("known", "unknown"),
        Description("`unknown` if a request since the instance started passed fewer proxies than `Network__TrustedProxyHops`.")]
    string ClientAddresses,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [NamesOf(typeof(SharingState)), Description("Whether what instances share is used; absent if it is off.")] string? Redis,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("The database of locations; absent if they are off.")]
    LocationsBody? Locations,
    [Description("Number of rows that the instance couldn't read since it started.")] int UnreadableRows,
    [AllowedValues("argon2id", "pbkdf2"), Description("How new passwords are hashed.")] string PasswordHashes);

internal sealed record StorageHealthBody([Description("How long one read took.")] long LatencyMilliseconds);

internal sealed record TimerHealthBody(
    string Name, [Description("How long its oldest work has been due; null before its first run.")] long? LagSeconds,
    [Description("When it runs (NCRONTAB, UTC).")] string Schedule,
    [Description("Whether `AzureWebJobs.{name}.Disabled` stops it.")] bool Disabled,
    [property: JsonIgnore(Condition = WhenWritingNull)]
    [Description("When the last run that didn't fail ended, finished or not; absent before one.")] DateTimeOffset? LastRunAt);

internal sealed record KeysHealthBody(
    [AllowedValues("current", "stale"), Description("`stale` if the ring couldn't be reloaded; the last one stays in use.")] string State,
    [Description("When the first keys were created, at the first start.")] DateTimeOffset CreatedAt,
    IReadOnlyList<KeyInUseBody> Kinds);

internal sealed record KeyInUseBody(
    [NamesOf(typeof(KeyKind))] string Kind, [Description("The id of the key that signs.")] string Active,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("When the next key begins to sign; absent until it is created.")]
    DateTimeOffset? NextRotationAt)
{
    public static KeyInUseBody Of(KeyInUse key) =>
        new(JsonNamingPolicy.SnakeCaseLower.ConvertName($"{key.Kind}"), $"{key.Active}", key.NextFrom);
}

internal sealed record OutboxHealthBody(
    [Description("Messages to be sent, now or again later: 999 at most.")] int Waiting,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("Since the oldest of them was promised; absent if there is none.")]
    long? OldestSeconds,
    [Description("Whether these are all.")] bool Complete,
    [Description("Security events that the webhook did not accept: 999 at most.")] int DeadLetters,
    [Description("Whether these are all.")] bool DeadLettersComplete,
    [property: JsonIgnore(Condition = WhenWritingNull), Description("When the newest of them happened; absent if there is none.")]
    DateTimeOffset? NewestDeadLetterAt);
