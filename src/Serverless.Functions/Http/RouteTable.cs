using System.Reflection;
using System.Text.RegularExpressions;

namespace Serverless.Functions.Http;

/// <summary>The route of a function.</summary>
/// <param name="Path">With the names of its parameters, without their constraints.</param>
internal sealed record FunctionRoute(string Path, Access Access, bool IsForAdministrators);

/// <summary>The routes of this app and their methods, read from the functions themselves.</summary>
internal sealed partial class RouteTable
{
    // Only the fallback asks for them.
    private readonly Lazy<List<(Regex Path, string[] Methods)>> _routes;
    private readonly Dictionary<string, FunctionRoute> _functions;

    private RouteTable(IReadOnlyCollection<(string Function, HttpTriggerAttribute Trigger, Access Access)> functions)
    {
        _functions = functions.ToDictionary(each => each.Function, each => new FunctionRoute(
            ToPath(each.Trigger.Route!), each.Access, each.Trigger.Route!.StartsWith(AdminRoutes.Prefix, StringComparison.Ordinal)));
        _routes = new(() =>
            [.. functions.Where(each => each.Trigger.Methods is { Length: > 0 }).Select(each => (ToRegex(each.Trigger.Route!), each.Trigger.Methods!))]);
    }

    /// <summary>The routes of all HTTP functions.</summary>
    public static RouteTable OfThisApp { get; } = new(
    [
        .. from type in typeof(RouteTable).Assembly.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (function.Name, trigger, method.GetCustomAttribute<OperationAttribute>()?.Access ?? Access.Session),
    ]);

    /// <summary>The route of a function; null for a timer.</summary>
    public FunctionRoute? Find(string function) => _functions.GetValueOrDefault(function);

    /// <summary>The methods of a path; none for an unknown one.</summary>
    public IReadOnlyList<string> MethodsOf(string path) =>
    [
        .. _routes.Value
            .Where(route => route.Path.IsMatch(path))
            .SelectMany(route => route.Methods)
            .Select(method => method.ToUpperInvariant())
            .Distinct(),
    ];

    private static string ToPath(string route) => "/api/" + string.Join('/', route.Split('/').Select(segment => Parameter().Match(segment) switch
    {
        // A parameter constrained to one word is written as that word.
        { Success: true, Groups: [_, { Success: true, Value: var constraint }] } when constraint.All(char.IsLetter) => constraint,
        { Success: true } => $"{{{segment.TrimStart('{', '*').Split(':', '}')[0]}}}",
        _ => segment,
    }));

    // A parameter is unconstrained or has one constraint, a regular expression in which braces are doubled.
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
