using Microsoft.AspNetCore.Routing.Matching;

namespace Serverless.LocalHost.Http;

/// <summary>Rules out endpoints that don't accept the request's method; metadata without methods accepts any. ASP.NET Core's own
/// policy responds 405 if only the method is wrong, whereas the Functions host tries the next function and finally responds
/// 404.</summary>
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
