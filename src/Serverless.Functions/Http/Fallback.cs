namespace Serverless.Functions.Http;

/// <summary>
/// Everything that no other function takes: unknown addresses, and known ones with another method. The Functions host tries
/// routes in the order of the functions' names, so this one must have the last.
/// </summary>
public static class Fallback
{
    [Function("ZzFallback")]
    [Operation("What any other address answers, and any other method of these.", Access = Access.Anyone)]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.MethodNotAllowed))]
    public static Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, Route = "{*path}")] HttpRequestData request, string? path)
    {
        var methods = RouteTable.OfThisApp.MethodsOf(path?.Trim('/') ?? "");
        return request.ReplyAsync(methods.Count > 0
            ? new(ProblemCode.MethodNotAllowed, $"Use {string.Join(" or ", methods)}.") { Allow = methods }
            : new(ProblemCode.NotFound, "No route of this service has this address."));
    }
}
