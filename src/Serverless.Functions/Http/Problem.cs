namespace Serverless.Functions.Http;

/// <summary>An answer that tells what went wrong (RFC 9457).</summary>
internal sealed record Problem(ProblemCode Code, string Detail)
{
    /// <summary>Why a session ended.</summary>
    public EndReason? Reason { get; init; }

    /// <summary>When trying again makes sense.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The methods that the address knows (RFC 9110, 15.5.6).</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>What a 401 asks for (RFC 9110, 15.5.2; RFC 6750, 3).</summary>
    public string? Challenge => Code.Status != HttpStatusCode.Unauthorized ? null
        : Code == ProblemCode.InvalidCredentials ? "Bearer"
        : "Bearer error=\"invalid_token\"";

    /// <summary>Whole seconds, rounded up, so that nobody comes back too early.</summary>
    public string? RetryAfterSeconds =>
        RetryAfter is { } wait ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null;

    public static Problem InvalidField(string field, string why) =>
        new(ProblemCode.InvalidRequest, $"{field}: {why}");

    public static Problem NoAdministrator() => new(ProblemCode.Forbidden, "This needs the role admin.");

    public static Problem SessionEnded(EndReason reason) =>
        new(ProblemCode.SessionEnded, "The session is over; log in again.") { Reason = reason };
}

[Description("What went wrong (RFC 9457). Decide by `code`; `detail` is for people.")]
internal sealed record ProblemBody(
    [Url, Description("`urn:serverless-sessions:problem:` and the code.")] string Type,
    string Title,
    [Description("The status of the answer.")] int Status,
    string Detail,
    [Description("Stable.")] string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [NamesOf(typeof(EndReason), IsOpen = true), Description("Why the session ended; only with `session_ended`.")]
    string? Reason,
    [Description("What to search the log by.")] string TraceId)
{
    public static ProblemBody Of(Problem problem, string traceId) => new(
        $"urn:serverless-sessions:problem:{problem.Code.Name}",
        problem.Code.Title,
        (int)problem.Code.Status,
        problem.Detail,
        problem.Code.Name,
        problem.Reason?.Name,
        traceId);
}
