using System.Reflection;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Functions.Http;

/// <summary>The routes of this app and their methods, read from the functions themselves.</summary>
internal sealed class RouteTable
{
    private readonly List<(string[] Segments, string[] Methods)> _routes;

    private RouteTable(IEnumerable<HttpTriggerAttribute> triggers) =>
        _routes = [.. triggers.Select(trigger => (trigger.Route!.Split('/'), trigger.Methods!))];

    /// <summary>All but the fallback, which takes every method.</summary>
    public static RouteTable OfThisApp { get; } = new(
        from type in typeof(RouteTable).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger?.Methods is { Length: > 0 }
        select trigger);

    /// <summary>The methods that an address knows; none for an unknown address.</summary>
    public IReadOnlyList<string> MethodsOf(string path)
    {
        var segments = path.Split('/');
        return
        [
            .. _routes
                .Where(route => Matches(route.Segments, segments))
                .SelectMany(route => route.Methods)
                .Select(method => method.ToUpperInvariant())
                .Distinct(),
        ];
    }

    private static bool Matches(string[] route, string[] path) =>
        route.Length == path.Length
        && route.Zip(path).All(pair =>
            pair.First.StartsWith('{') || pair.First.Equals(pair.Second, StringComparison.OrdinalIgnoreCase));
}
