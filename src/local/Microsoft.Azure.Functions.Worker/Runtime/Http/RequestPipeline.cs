using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime.Http;

/// <summary>
/// CORS, then routing, then the function. Routing has services of its own: in the app's container they would be there for its
/// code to use, and missing under the official packages.
/// </summary>
internal static class RequestPipeline
{
    internal static ServiceProvider CreateServices(ILoggerFactory loggers)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers);
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(new DiagnosticListener("Microsoft.AspNetCore"));
        services.AddMetrics();
        services.AddRouting();
        services.AddCors();
        services.AddSingleton<EndpointSelector, FirstFunction>();
        return services.BuildServiceProvider();
    }

    internal static RequestDelegate Build(
        IServiceProvider services,
        LocalSettings settings,
        IEnumerable<HttpFunction> functions,
        AdminApi admin,
        IServiceScopeFactory scopes,
        FunctionExecutionDelegate pipeline)
    {
        var hosts = new HostHeader();
        var policies = services.GetRequiredService<ParameterPolicyFactory>();
        var endpoints = new List<Endpoint>(admin.Endpoints);
        // The host tries the routes in the order of the functions' names, however specific they are, and takes the first that fits.
        foreach (var (position, function) in functions.Where(f => !f.Disabled).OrderBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Index())
        {
            CheckConstraints(function, policies);
            var run = new HttpFunctionEndpoint(function, scopes, pipeline, hosts);
            endpoints.Add(Map(run.InvokeAsync, function.Route, function.Name, function.Methods, position));
        }

        var app = new ApplicationBuilder(services);
        if (settings.CorsOrigins.Count > 0)
            app.UseCors(CorsPolicy.Of(settings));
        app.UseRouting();
        app.UseEndpoints(routes => routes.DataSources.Add(new DefaultEndpointDataSource(endpoints)));
        return app.Build();
    }

    internal static Endpoint Map(RequestDelegate handler, RoutePattern route, string name, string[]? methods, int position = 0)
    {
        var endpoint = new RouteEndpointBuilder(handler, route, position) { DisplayName = name };
        if (methods is not null)
            endpoint.Metadata.Add(new HttpMethodMetadata(methods));
        return endpoint.Build();
    }

    /// <summary>Routing itself would find a constraint that it doesn't know only at the first request.</summary>
    private static void CheckConstraints(HttpFunction function, ParameterPolicyFactory policies)
    {
        foreach (var parameter in function.Route.Parameters)
        {
            foreach (var constraint in parameter.ParameterPolicies)
            {
                try
                {
                    policies.Create(parameter, constraint);
                }
                catch (Exception e) when (e is InvalidOperationException or ArgumentException or RouteCreationException)
                {
                    throw new StartupException(
                        $"Function '{function.Name}': the route '{function.Route.RawText}' is not valid: {e.Message}", e);
                }
            }
        }
    }

    /// <summary>Of routes that fit a request equally well the host takes the first; routing itself would fail.</summary>
    private sealed class FirstFunction : EndpointSelector
    {
        public override Task SelectAsync(HttpContext httpContext, CandidateSet candidates)
        {
            for (var i = 0; i < candidates.Count; i++)
            {
                if (!candidates.IsValidCandidate(i))
                    continue;
                httpContext.SetEndpoint(candidates[i].Endpoint);
                httpContext.Request.RouteValues = candidates[i].Values ?? [];
                break;
            }

            return Task.CompletedTask;
        }
    }
}
