using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Serverless.Functions.Http;

/// <summary>The routes of this app and their methods, read from the functions themselves.</summary>
internal sealed class RouteTable
{
    private static readonly DefaultInlineConstraintResolver Constraints =
        new(Options.Create(new RouteOptions()), new ServiceCollection().BuildServiceProvider());

    private readonly List<(RouteTemplate Template, TemplateMatcher Matcher, string[] Methods)> _routes;

    private RouteTable(IEnumerable<HttpTriggerAttribute> triggers) =>
        _routes =
        [
            .. from trigger in triggers
               let template = TemplateParser.Parse(trigger.Route!)
               select (template, new TemplateMatcher(template, []), trigger.Methods!),
        ];

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
            .Where(route => Matches(route.Template, route.Matcher, "/" + path))
            .SelectMany(route => route.Methods)
            .Select(method => method.ToUpperInvariant())
            .Distinct(),
    ];

    private static bool Matches(RouteTemplate template, TemplateMatcher matcher, string path)
    {
        var values = new RouteValueDictionary();
        return matcher.TryMatch(path, values)
            && template.Parameters.All(parameter => parameter.InlineConstraints.All(inline =>
                Constraints.ResolveConstraint(inline.Constraint)!.Match(
                    null, null, parameter.Name!, values, RouteDirection.IncomingRequest)));
    }
}
