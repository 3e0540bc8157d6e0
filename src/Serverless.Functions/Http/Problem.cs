namespace Serverless.Functions.Http;

/// <summary>An error response (RFC 9457).</summary>
internal sealed record Problem(ProblemCode Code, string Detail)
{
    public EndReason? Reason { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The allowed methods (RFC 9110, 15.5.6).</summary>
    public IReadOnlyList<string>? Allow { get; init; }

    /// <summary>The challenge of a 401 (RFC 9110, 15.5.2; RFC 6750, 3).</summary>
    public string? Challenge => Code.Status != HttpStatusCode.Unauthorized ? null
        : Code == ProblemCode.InvalidCredentials ? "Bearer"
        : "Bearer error=\"invalid_token\"";

    /// <summary>In whole seconds, rounded up so that nobody retries too early.</summary>
    public string? RetryAfterSeconds =>
        RetryAfter is { } wait ? Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null;

    public static Problem InvalidField(string field, string why) => new(ProblemCode.InvalidRequest, $"{field}: {why}");

    public static Problem NoAdministrator() => new(ProblemCode.Forbidden, "This needs the role admin.");

    public static Problem SessionEnded(EndReason reason) =>
        new(ProblemCode.SessionEnded, "The session has ended; log in again.") { Reason = reason };
}

[Description("An error (RFC 9457). Decide by `code`; `detail` is for people.")]
internal sealed record ProblemBody(
    [Url, Description("`urn:serverless-sessions:problem:` followed by the code.")] string Type,
    string Title,
    [Description("The HTTP status.")] int Status,
    string Detail,
    [Description("The stable name of the error.")] string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [NamesOf(typeof(EndReason), IsOpen = true), Description("Why the session ended; only with `session_ended`.")]
    string? Reason,
    [Description("Finds the request in the log.")] string TraceId)
{
    public static ProblemBody Of(Problem problem, string traceId) => new(
        $"urn:serverless-sessions:problem:{problem.Code.Name}",
        problem.Code.Title, (int)problem.Code.Status, problem.Detail, problem.Code.Name, problem.Reason?.Name, traceId);
}

/// <summary>Rejects a request before it reaches a use case; <see cref="ProblemMiddleware"/> responds with the problem. What a use
/// case refuses is a value instead.</summary>
internal sealed class ProblemException(Problem problem) : Exception(problem.Detail)
{
    public ProblemException(ProblemCode code, string detail)
        : this(new(code, detail))
    {
    }

    public Problem Problem => problem;

    public static void ThrowIf(Problem? problem)
    {
        if (problem is not null)
            throw new ProblemException(problem);
    }

    public static ProblemException InvalidField(string field, string why) => new(Problem.InvalidField(field, why));
}
