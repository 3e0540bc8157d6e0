using System.Text.Json;
using System.Text.RegularExpressions;
using Serverless.Testing.OpenApi;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>That the document is one of OpenAPI 3.1.</summary>
public sealed partial class StructureTests
{
    private static readonly string[] ComponentKinds = ["schemas", "responses", "parameters", "headers", "securitySchemes"];
    private static readonly string[] Types = ["string", "integer", "number", "boolean", "object", "array", "null"];
    private static readonly JsonElement Null = JsonDocument.Parse("null").RootElement;

    [Fact]
    public void It_says_what_it_is()
    {
        Assert.Matches(@"^3\.1\.\d+$", ApiDocument.Root.GetProperty("openapi").GetString());
        Assert.NotEmpty(ApiDocument.Root.GetProperty("info").GetProperty("title").GetString()!);
        Assert.NotEmpty(ApiDocument.Root.GetProperty("info").GetProperty("version").GetString()!);
        Assert.Equal(
            ["openapi", "info", "servers", "tags", "paths", "webhooks", "x-other-requests", "components"],
            ApiDocument.Root.EnumerateObject().Select(each => each.Name));
        Assert.Equal(ComponentKinds, ApiDocument.Root.GetProperty("components").EnumerateObject().Select(each => each.Name));
    }

    [Fact]
    public void Every_reference_points_to_something() => Assert.Empty(
        from each in References()
        where ApiDocument.Find(each.Target) is null
        select $"{each.Path}: {each.Target}");

    [Fact]
    public void Every_component_is_used()
    {
        // A security scheme is referred to by its name alone.
        var schemes =
            from operation in ApiDocument.Operations
            from requirement in operation.Body.GetProperty("security").EnumerateArray()
            from scheme in requirement.EnumerateObject()
            select $"#/components/securitySchemes/{scheme.Name}";
        Assert.Equal(
            from kind in ComponentKinds
            from component in ApiDocument.Components(kind).EnumerateObject()
            let pointer = $"#/components/{kind}/{component.Name}"
            orderby pointer
            select pointer,
            References().Select(each => each.Target).Concat(schemes).Distinct().Order());
    }

    [Fact]
    public void Every_operation_has_an_id_of_its_own_a_summary_and_a_known_tag()
    {
        var tags = ApiDocument.Root.GetProperty("tags").EnumerateArray().Select(tag => tag.GetProperty("name").GetString()).ToList();
        var ids = ApiDocument.Operations.Select(each => each.Body.GetProperty("operationId").GetString()).ToList();
        Assert.NotEmpty(ids);
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(ApiDocument.Operations, each =>
        {
            Assert.NotEmpty(each.Body.GetProperty("summary").GetString()!);
            Assert.Contains(each.Body.GetProperty("tags")[0].GetString(), tags);
        });
    }

    [Fact]
    public void Every_answer_has_a_description_and_every_operation_one_that_is_good() => Assert.All(ApiDocument.Operations, each =>
    {
        Assert.All(each.Responses, answer =>
        {
            Assert.Matches("^[2-5][0-9]{2}$", answer.Key);
            Assert.NotEmpty(answer.Value.GetProperty("description").GetString()!);
        });
        Assert.Contains(each.Responses.Keys, status => status[0] == '2');
        Assert.Contains("500", each.Responses.Keys);
    });

    [Fact]
    public void Every_parameter_of_a_path_is_described_and_no_other() => Assert.All(ApiDocument.Operations, each =>
    {
        Assert.Equal(
            PathParameter().Matches(each.Path).Select(match => match.Groups[1].Value).Order(), each.ParametersIn("path").Order());
        Assert.All(each.Parameters, parameter =>
        {
            var place = parameter.GetProperty("in").GetString();
            Assert.Contains(place, new[] { "path", "query", "header" });
            Assert.True(place != "path" || (parameter.TryGetProperty("required", out var required) && required.GetBoolean()));
            Assert.NotEmpty(parameter.GetProperty("description").GetString()!);
            Assert.True(parameter.TryGetProperty("schema", out _));
        });
    });

    [Fact]
    public void A_refusal_follows_from_every_requirement() => Assert.All(ApiDocument.Operations, each =>
    {
        var schemes = each.Body.GetProperty("security").EnumerateArray().SelectMany(requirement => requirement.EnumerateObject()).ToList();
        if (schemes.Count > 0)
            Assert.Contains("401", each.Responses.Keys);
        var needsAdmin = schemes.Any(scheme => scheme.Value.EnumerateArray().Any(role => role.GetString() == "admin"));
        Assert.Equal(each.Path.StartsWith("/admin/", StringComparison.Ordinal), needsAdmin);
        if (needsAdmin)
            Assert.Contains("403", each.Responses.Keys);
    });

    [Fact]
    public void Every_schema_has_types_that_exist_and_requires_what_it_has() => Assert.All(
        ApiDocument.Walk(ApiDocument.Root).Where(each => IsSchema(each.Path, each.Element)), each =>
        {
            Assert.All(Schema.TypesOf(each.Element), type => Assert.Contains(type, Types));
            Assert.All(Schema.RequiredBy(each.Element), name =>
                Assert.True(each.Element.GetProperty("properties").TryGetProperty(name, out _), $"{each.Path}: {name}"));
            // Throws where a keyword is none that the tests' own comparison knows.
            _ = Schema.Differences(each.Element, Null).Count();
        });

    // A property may have the name "type", too: then it stands in "properties".
    private static bool IsSchema(string path, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && !path.EndsWith("/properties", StringComparison.Ordinal)
        && !path.Contains("/securitySchemes/", StringComparison.Ordinal) && element.TryGetProperty("type", out _);

    private static IEnumerable<(string Path, string Target)> References() =>
        from each in ApiDocument.Walk(ApiDocument.Root)
        where each.Path.EndsWith("/$ref", StringComparison.Ordinal)
        select (each.Path, each.Element.GetString()!);

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
