using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Serverless.LocalHost.Http;

/// <param name="Names">In capitals; none means any.</param>
internal sealed record AcceptedMethods(string[] Names);

/// <summary>
/// Rules endpoints out by the method. The policy of ASP.NET Core answers 405 where only the method is wrong; the Functions host goes
/// on to the next function, and answers 404 in the end.
/// </summary>
internal sealed class MethodPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i)
                && candidates[i].Endpoint.Metadata.GetMetadata<AcceptedMethods>() is { Names: { Length: > 0 } names }
                && Array.IndexOf(names, httpContext.Request.Method) < 0)
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }
}
