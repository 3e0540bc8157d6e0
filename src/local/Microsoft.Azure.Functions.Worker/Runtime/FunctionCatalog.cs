using System.Reflection;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Runtime.Startup;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Runtime;

/// <summary>Finds the functions of the app and refuses those that the host would refuse, too.</summary>
internal sealed class FunctionCatalog(string routePrefix, IConfiguration configuration, ILoggerFactory loggers)
{
    private const BindingFlags Methods =
        BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    internal IReadOnlyList<Function> Find(IEnumerable<Type> types)
    {
        var functions = new List<Function>();
        foreach (var method in types.Where(t => t.IsClass && !t.ContainsGenericParameters).SelectMany(t => t.GetMethods(Methods)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
                functions.Add(Create(attribute.Name, method));
        }

        foreach (var same in functions.GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            throw new StartupException($"The function name '{same.Key}' must be unique within the function app.");
        var http = functions.OfType<HttpFunction>().ToList();
        for (var i = 0; i < http.Count; i++)
        {
            if (http.Take(i).FirstOrDefault(other => Conflict(http[i], other)) is { } other)
                throw new StartupException(
                    $"Function '{http[i].Name}': " +
                    $"The route specified conflicts with the route defined by function '{other.Name}'.");
        }

        return functions;
    }

    private Function Create(string name, MethodInfo method)
    {
        var triggers = method.GetParameters()
            .Select(p => (Parameter: p, Trigger: p.GetCustomAttribute<TriggerBindingAttribute>()))
            .Where(t => t.Trigger is not null).ToList();
        if (triggers is not [var (parameter, trigger)])
            throw new StartupException($"Function '{name}' must have exactly one trigger, not {triggers.Count}.");

        var logger = loggers.CreateLogger($"Function.{name}");
        switch (trigger)
        {
            case HttpTriggerAttribute http:
                Demand(name, parameter, typeof(HttpRequestData));
                var route = Route(name, http);
                var methods = http.Methods is { Length: > 0 } some ? some.Select(m => m.ToUpperInvariant()).ToArray() : null;
                var executor = Executor(name, method, typeof(HttpRequestData), route);
                return new HttpFunction(name, method, IsDisabled(name), executor, logger, route, methods);
            case TimerTriggerAttribute timer:
                Demand(name, parameter, typeof(TimerInfo));
                return new TimerFunction(
                    name, method, IsDisabled(name), Executor(name, method, typeof(TimerInfo), null), logger, timer);
            default:
                throw new StartupException($"Function '{name}': {trigger!.GetType().Name} isn't known here.");
        }
    }

    private static FunctionExecutor Executor(string name, MethodInfo method, Type trigger, RoutePattern? route)
    {
        var arguments = method.GetParameters().Select(parameter => ParameterBinding.ValueOf(name, parameter, trigger, route));
        try
        {
            return new(method, [.. arguments]);
        }
        catch (InvalidOperationException e) when (e is not StartupException)
        {
            throw new StartupException($"Function '{name}': its class can't be made: {e.Message}", e);
        }
    }

    private RoutePattern Route(string name, HttpTriggerAttribute trigger)
    {
        var route = (string.IsNullOrWhiteSpace(trigger.Route) ? name : trigger.Route).Trim('/');
        // The host says no to every route that only begins like its own, whatever the prefix.
        if (route.StartsWith("admin", StringComparison.OrdinalIgnoreCase)
            || route.StartsWith("runtime", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartupException(
                $"Function '{name}': The specified route conflicts with one or more built in routes.");
        }

        try
        {
            return RoutePatternFactory.Parse(routePrefix.Length == 0 ? route : $"{routePrefix}/{route}");
        }
        catch (RoutePatternException e)
        {
            throw new StartupException($"Function '{name}': the route '{route}' is not valid: {e.Message}", e);
        }
    }

    private bool IsDisabled(string name) =>
        configuration[$"AzureWebJobs.{name}.Disabled"] is { } value
        && (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    private static bool Conflict(HttpFunction one, HttpFunction other) =>
        one.Route.RawText!.Equals(other.Route.RawText, StringComparison.OrdinalIgnoreCase)
        && (one.Methods is null || other.Methods is null || one.Methods.Intersect(other.Methods).Any());

    private static void Demand(string function, ParameterInfo parameter, Type type)
    {
        if (parameter.ParameterType != type)
            throw new StartupException(
                $"Function '{function}': the parameter '{parameter.Name}' with the trigger must be {type.Name}.");
    }
}
