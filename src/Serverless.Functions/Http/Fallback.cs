namespace Serverless.Functions.Http;

/// <summary>Handles what no other function does: unknown paths, and known ones with another method. The Functions host tries
/// routes in the order of the functions' names, so this name must sort last.</summary>
public static class Fallback
{
    [Function("ZzFallback")]
    [Operation("Any other path, and any other method of these paths.", Access = Access.Anyone)]
    [Refuses(nameof(ProblemCode.NotFound), nameof(ProblemCode.MethodNotAllowed))]
    public static Task<HttpResponseData> RunAsync(
        [HttpTrigger(Anonymous, Route = "{*path}")] HttpRequestData request, string? path)
    {
        var methods = RouteTable.MethodsOf(path?.Trim('/') ?? "");
        return request.ReplyAsync(methods.Count > 0
            ? new(ProblemCode.MethodNotAllowed, $"Use {string.Join(" or ", methods)}.", Allow: methods)
            : new(ProblemCode.NotFound, "This service has no such route."));
    }
}
