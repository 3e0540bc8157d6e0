using System.Reflection;
using System.Text.RegularExpressions;

namespace Serverless.Functions.Http;

internal static class AdminRoutes
{
    /// <summary>Matches <c>admin</c>. The Functions host reserves routes that begin with it, but not such parameters.</summary>
    public const string Prefix = "{area:regex(^admin$)}/";
}

/// <param name="Path">With the names of its parameters, without their constraints.</param>
internal sealed record FunctionRoute(string Path, OperationAttribute Operation, bool IsForAdministrators)
{
    public Access Access => Operation.Access;
    public bool NeedsFreshAuthentication => Operation.NeedsFreshAuthentication;
}

internal static partial class RouteTable
{
    public static IReadOnlyList<(MethodInfo Method, string Name, HttpTriggerAttribute Trigger)> HttpFunctions { get; } =
    [
        .. from type in typeof(RouteTable).Assembly.GetTypes()
           from method in type.GetMethods()
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (method, function.Name, trigger),
    ];

    private static readonly Dictionary<string, FunctionRoute> Functions = HttpFunctions.ToDictionary(
        each => each.Name,
        each => new FunctionRoute(
            ToPath(each.Trigger.Route!),
            each.Method.GetCustomAttribute<OperationAttribute>() ?? new(""),
            each.Trigger.Route!.StartsWith(AdminRoutes.Prefix, StringComparison.Ordinal)));

    // Only the fallback asks for them.
    private static readonly Lazy<List<(Regex Path, string[] Methods)>> Routes = new(() =>
    [
        .. from each in HttpFunctions
           where each.Trigger.Methods is { Length: > 0 }
           select (ToRegex(each.Trigger.Route!), each.Trigger.Methods!),
    ]);

    /// <summary>The route of a function; null for a timer.</summary>
    public static FunctionRoute? Find(string function) => Functions.GetValueOrDefault(function);

    public static IReadOnlyList<string> MethodsOf(string path) =>
    [
        .. Routes.Value.Where(route => route.Path.IsMatch(path))
            .SelectMany(route => route.Methods).Select(method => method.ToUpperInvariant()).Distinct(),
    ];

    private static string ToPath(string route) =>
        "/api/" + string.Join('/', route.Split('/').Select(segment => Parameter().Match(segment) switch
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
