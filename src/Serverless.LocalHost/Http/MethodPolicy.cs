using Microsoft.AspNetCore.Routing.Matching;

namespace Serverless.LocalHost.Http;

/// <summary>
/// Rules out the endpoints that don't take the request's method: their metadata is a list of methods, where none means any. The
/// policy of ASP.NET Core answers 405 where only the method is wrong; the Functions host goes on to the next function, and answers
/// 404 in the end.
/// </summary>
internal sealed class MethodPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            var accepted = candidates[i].Endpoint.Metadata.GetMetadata<string[]>()!;
            if (accepted.Length > 0 && !accepted.Contains(httpContext.Request.Method, StringComparer.OrdinalIgnoreCase))
                candidates.SetValidity(i, false);
        }

        return Task.CompletedTask;
    }
}
