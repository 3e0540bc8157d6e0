using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;

namespace Serverless.Functions.Http;

/// <summary>The routes of this app and their methods, read from the functions themselves.</summary>
internal sealed partial class RouteTable
{
    private readonly List<(Regex Path, string[] Methods)> _routes;

    private RouteTable(IEnumerable<HttpTriggerAttribute> triggers) =>
        _routes = [.. triggers.Select(trigger => (ToRegex(trigger.Route!), trigger.Methods!))];

    /// <summary>All but the fallback, which takes every method.</summary>
    public static RouteTable OfThisApp { get; } = new(
        from type in typeof(RouteTable).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger?.Methods is { Length: > 0 }
        select trigger);

    /// <summary>The methods that an address knows; none for an unknown address.</summary>
    public IReadOnlyList<string> MethodsOf(string path) =>
    [
        .. _routes
            .Where(route => route.Path.IsMatch(path))
            .SelectMany(route => route.Methods)
            .Select(method => method.ToUpperInvariant())
            .Distinct(),
    ];

    // A parameter of a route here is either free or has one constraint, a regular expression in which braces are doubled.
    private static Regex ToRegex(string route) => new(
        "^" + string.Join('/', route.Split('/').Select(segment => Parameter().Match(segment) switch
        {
            { Success: false } => Regex.Escape(segment),
            { Groups: [_, { Success: true } constraint] } => constraint.Value.Replace("{{", "{").Replace("}}", "}"),
            _ => "[^/]+",
        })) + "$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^\{\w+(?::regex\(\^(.*)\$\))?\}$")]
    private static partial Regex Parameter();
}
