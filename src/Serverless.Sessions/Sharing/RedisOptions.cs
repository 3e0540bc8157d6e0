namespace Serverless.Sessions.Sharing;

public sealed class RedisOptions : IValidatableObject
{
    public const string Section = "Redis";

    [Setting("the Redis that instances share, reached over TLS with the app's managed identity; empty for none",
        "you deploy several instances: [redis.md](redis.md)")]
    [RegularExpression("^([A-Za-z0-9.-]{1,253}:[0-9]{1,5})?$",
        ErrorMessage = "{0} must be host and port, such as example.redis.azure.net:10000")]
    public string Endpoint { get; set; } = "";

    [Setting("how to reach a Redis without that identity, as StackExchange.Redis reads it; empty for none",
        "you run your own, or on a laptop: `127.0.0.1:6379`", Allowed = "a connection string of StackExchange.Redis")]
    [Sensitive]
    public string ConnectionString { get; set; } = "";

    [Setting("what all keys and the channel begin with", "several environments share a Redis")]
    [RegularExpression("^[A-Za-z0-9:._-]{0,40}$",
        ErrorMessage = "{0} must be at most 40 letters, digits, colons, dots, dashes and underscores")]
    public string KeyPrefix { get; set; } = "sessions:";

    /// <summary>Whether either is set, before options are read.</summary>
    public static bool IsOn(Func<string, string?> setting) =>
        setting(nameof(Endpoint)) is { Length: > 0 } || setting(nameof(ConnectionString)) is { Length: > 0 };

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Endpoint.Length > 0 && ConnectionString.Length > 0)
            yield return new($"Either {Section}__{nameof(Endpoint)} or {Section}__{nameof(ConnectionString)} must be set, but both are.");
    }
}
