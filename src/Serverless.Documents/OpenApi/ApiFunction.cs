using System.Reflection;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;

namespace Serverless.Documents.OpenApi;

internal sealed record ApiFunction(MethodInfo Method, string Name, HttpTriggerAttribute Trigger)
{
    public static IEnumerable<ApiFunction> All =>
        RouteTable.HttpFunctions.Select(each => new ApiFunction(each.Method, each.Name, each.Trigger));

    /// <summary>Null for the fallback.</summary>
    public IReadOnlyList<string>? Verbs => Trigger.Methods;

    public string Path => Route.Path["/api".Length..];

    public string Tag => Path.Split('/')[1] switch
    {
        ".well-known" or "openapi.json" => "discovery",
        "auth" => "sessions",
        var first => first,
    };

    public OperationAttribute Operation => Method.GetCustomAttribute<OperationAttribute>()
        ?? throw new InvalidOperationException($"The function {Name} needs [Operation].");

    public bool TakesAccessToken => Operation.Access is Access.Session or Access.AccessToken or Access.EitherToken;
    public bool TakesRefreshToken => Operation.Access is Access.RefreshToken or Access.EitherToken;
    public bool IsForAdministrators => Route.IsForAdministrators;

    public bool UsesCookie => Method.DeclaringType!.GetConstructors()
        .Any(constructor => constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(RefreshCookie)));

    public Type? RequestBody => Operation.Accepts;
    public IEnumerable<AnswersAttribute> Answers => Method.GetCustomAttributes<AnswersAttribute>();
    public Caching Caching => Answers.Select(answer => answer.Caching).FirstOrDefault();

    public IReadOnlyList<QueryAttribute> Query =>
    [
        .. Method.GetCustomAttributes<QueryAttribute>(),
        .. (Method.GetCustomAttribute<ReadsAttribute>()?.Readers ?? []).SelectMany(reader => reader.GetCustomAttributes<QueryAttribute>()),
    ];

    public IReadOnlyList<ParameterInfo> RouteParameters =>
        [.. Parameters.Where(parameter => Path.Contains($"{{{parameter.Name}}}", StringComparison.Ordinal))];

    public IEnumerable<ProblemCode> Problems =>
    [
        .. If(TakesAccessToken || RequestBody is not null || Query.Count > 0, ProblemCode.InvalidRequest),
        .. If(TakesAccessToken, ProblemCode.TokenInvalid, ProblemCode.TokenExpired, ProblemCode.SessionEnded),
        .. If(Operation.NeedsFreshAuthentication, ProblemCode.InsufficientUserAuthentication),
        .. If(IsForAdministrators, ProblemCode.Forbidden, ProblemCode.PasskeyRequired),
        .. If(UsesCookie, ProblemCode.OriginNotAllowed),
        .. If(RouteParameters.Count > 0, ProblemCode.NotFound),
        .. If(RequestBody is not null, ProblemCode.PayloadTooLarge, ProblemCode.UnsupportedMediaType),
        .. (Method.GetCustomAttribute<RefusesAttribute>()?.Codes ?? [])
            .Select(code => (ProblemCode)typeof(ProblemCode).GetField(code)!.GetValue(null)!),
        .. If(Verbs is not null, ProblemCode.InternalError),
        // Without an access token and a CancellationToken it calls no storage or other service, so it never answers 503.
        .. If(
            TakesAccessToken || Parameters.Any(parameter => parameter.ParameterType == typeof(CancellationToken)),
            ProblemCode.Unavailable, ProblemCode.Misconfigured),
    ];

    private FunctionRoute Route => RouteTable.Find(Name)!;
    private ParameterInfo[] Parameters => Method.GetParameters();

    private static ProblemCode[] If(bool condition, params ProblemCode[] codes) => condition ? codes : [];
}
