using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>The origins of local.settings.json, with any header and method, as Core Tools allows them.</summary>
internal static class CorsPolicy
{
    internal static Action<CorsPolicyBuilder> Of(LocalSettings settings)
    {
        if (settings.CorsCredentials && settings.CorsOrigins.Contains("*"))
            throw new StartupException(
                "local.settings.json: Host.CORSCredentials needs the origins by name in Host.CORS; browsers refuse '*' with it.");
        return policy =>
        {
            policy.WithOrigins([.. settings.CorsOrigins]).AllowAnyHeader().AllowAnyMethod();
            if (settings.CorsCredentials)
                policy.AllowCredentials();
        };
    }
}
