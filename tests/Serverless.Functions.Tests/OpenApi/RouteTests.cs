using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Azure.Functions.Worker;
using Serverless.Functions.Http;
using Serverless.Testing;
using Serverless.Testing.OpenApi;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>That the document has the routes of the code with what they read, and the code those of the document.</summary>
public sealed partial class RouteTests
{
    // The fallback takes every method of every other address; it has no methods of its own.
    private static readonly List<(Type Type, string Route)> Routes =
    [
        .. from type in typeof(WireJson).Assembly.GetTypes()
           from method in type.GetMethods()
           where method.GetCustomAttribute<FunctionAttribute>() is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger?.Methods is { Length: > 0 }
           from verb in trigger!.Methods!
           select (type, $"{verb.ToUpperInvariant()} /{AsInDocument(trigger.Route!)}"),
    ];

    public static TheoryData<string> FunctionTypes => [.. Routes.Select(each => each.Type.FullName!).Distinct()];

    [Fact]
    public void Every_route_of_the_code_stands_in_the_document_and_vice_versa() => Assert.Equal(
        Routes.Select(each => each.Route).Order(), ApiDocument.Operations.Select(each => each.ToString()).Order());

    [Fact]
    public void Every_function_that_answers_GET_answers_HEAD() => Assert.Equal(
        Routes.Where(each => each.Route.StartsWith("GET ", StringComparison.Ordinal)).Select(each => each.Route[4..]).Order(),
        Routes.Where(each => each.Route.StartsWith("HEAD ", StringComparison.Ordinal)).Select(each => each.Route[5..]).Order());

    [Fact]
    public void Every_operation_is_known_to_the_answer_of_405() => Assert.All(ApiDocument.Operations, each => Assert.Contains(
        each.Method.ToUpperInvariant(),
        RouteTable.OfThisApp.MethodsOf(Parameter().Replace(each.Path.TrimStart('/'), new string('0', 32)))));

    [Fact]
    public void The_server_is_the_route_prefix_of_the_host()
    {
        using var host = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "host.json")));
        var prefix = host.RootElement.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString();
        Assert.Equal(
            [$"/{prefix}"], ApiDocument.Root.GetProperty("servers").EnumerateArray().Select(each => each.GetProperty("url").GetString()));
    }

    [Theory]
    [MemberData(nameof(FunctionTypes))]
    public void What_a_function_reads_of_a_query_and_of_a_body_stands_in_the_document_and_vice_versa(string type)
    {
        var code = CodeOf(type);
        var queries = QueryParameter().Matches(code).Select(match => match.Groups[1].Value);
        if (code.Contains("PageLimit.Read(", StringComparison.Ordinal))
            queries = queries.Append("limit");
        if (code.Contains("PageStart.Read(", StringComparison.Ordinal))
            queries = queries.Append("after");
        if (code.Contains("DayRange.Read(", StringComparison.Ordinal))
            queries = queries.Append("from").Append("to");
        Assert.Equal(queries.Distinct().Order(), OperationsOf(type).SelectMany(each => each.ParametersIn("query")).Distinct().Order());
        Assert.Equal(
            RequestRecord().Matches(code).Select(match => $"#/components/schemas/{match.Groups[1].Value}").Distinct().Order(),
            OperationsOf(type).Where(each => each.Body.TryGetProperty("requestBody", out _))
                .Select(each => SchemaOf(each.Body.GetProperty("requestBody"))).Distinct().Order());
    }

    [Theory]
    [MemberData(nameof(FunctionTypes))]
    public void Who_may_call_a_function_stands_in_the_document(string type)
    {
        var code = CodeOf(type);
        var asked = new List<string>();
        if (code.Contains("callers.AuthorizeAdminAsync(", StringComparison.Ordinal))
            asked.Add("bearer admin");
        else if (Authorizes().IsMatch(code))
            asked.Add("bearer");
        if (code.Contains("cookie.Read(", StringComparison.Ordinal))
            asked.Add("refreshCookie");
        var usesCookie = code.Contains("RefreshCookie cookie", StringComparison.Ordinal);
        Assert.All(OperationsOf(type), each =>
        {
            Assert.Equal(asked, SchemesOf(each));
            Assert.Equal(usesCookie, each.ParametersIn("header").Contains(RefreshCookie.ProofHeader));
        });
    }

    [Fact]
    public void The_cookie_is_that_of_the_code() => Assert.Equal(
        RefreshCookie.Name, ApiDocument.Components("securitySchemes").GetProperty("refreshCookie").GetProperty("name").GetString());

    private static IEnumerable<Operation> OperationsOf(string type) => ApiDocument.Operations.Where(operation =>
        Routes.Any(each => each.Type.FullName == type && each.Route == operation.ToString()));

    private static IEnumerable<string> SchemesOf(Operation operation) =>
        from requirement in operation.Body.GetProperty("security").EnumerateArray()
        from scheme in requirement.EnumerateObject()
        select scheme.Name + string.Concat(scheme.Value.EnumerateArray().Select(role => $" {role.GetString()}"));

    private static string CodeOf(string type) => File.ReadAllText(Path.Combine(
        RepositoryRoot.Path, "src", $"Serverless.Functions/{type["Serverless.Functions.".Length..].Replace('.', '/')}.cs"));

    private static string SchemaOf(JsonElement holder) => holder.GetProperty("content").GetProperty("application/json")
        .GetProperty("schema").GetProperty("$ref").GetString()!;

    // A parameter with the constraint to be one word is that word.
    private static string AsInDocument(string route) => ConstrainedParameter().Replace(OneWord().Replace(route, "$1"), "{$1}");

    [GeneratedRegex(@"\{\w+:regex\(\^(\w+)\$\)\}")]
    private static partial Regex OneWord();

    [GeneratedRegex(@"\{(\w+):regex\([^)]*\)\}")]
    private static partial Regex ConstrainedParameter();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@"\.Query(?:Field|Flag)\(""([\w-]+)""")]
    private static partial Regex QueryParameter();

    [GeneratedRegex(@"WireJson\.Default\.(\w+Request)Body")]
    private static partial Regex RequestRecord();

    [GeneratedRegex(@"callers\.Auth(orize|enticate)Async\(")]
    private static partial Regex Authorizes();
}
