using Serverless.Documents.OpenApi;
using Serverless.Sessions.AuditLog;
using OpenApiDocument = Microsoft.OpenApi.OpenApiDocument;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>What the generator of openapi.json takes on trust.</summary>
public sealed partial class DocumentTests
{
    public static TheoryData<string> FunctionTypes => [.. ApiFunction.All.Select(function => function.Method.DeclaringType!.FullName!).Distinct()];

    [Fact]
    public void A_reader_of_OpenAPI_has_no_objection()
    {
        var read = OpenApiDocument.Parse(ApiWriter.Write(), "json");
        Assert.Empty(read.Diagnostic!.Errors.Concat(read.Diagnostic.Warnings));
        Assert.Equal(ApiFunction.All.Where(function => function.Verbs is not null).Select(function => function.Path).Distinct().Order(), read.Document!.Paths.Keys.Order());
    }

    [Fact]
    public void Every_problem_is_an_answer_of_some_function() => Assert.Equal(
        typeof(ProblemCode).GetFields().Select(field => ((ProblemCode)field.GetValue(null)!).Name).Distinct().Order(),
        ApiFunction.All.SelectMany(function => function.Problems).Select(problem => problem.Name).Distinct().Order());

    [Fact]
    public void Every_function_that_answers_GET_answers_HEAD() => Assert.All(
        ApiFunction.All.Where(function => function.Verbs is not null),
        function => Assert.Equal(function.Verbs!.Contains("get"), function.Verbs!.Contains("head")));

    [Theory]
    [MemberData(nameof(FunctionTypes))]
    public void Every_field_of_a_query_that_the_code_reads_has_an_attribute_and_vice_versa(string type)
    {
        var code = File.ReadAllText(Path.Combine(
            RepositoryRoot.Path, "src", $"Serverless.Functions/{type["Serverless.Functions.".Length..].Replace('.', '/')}.cs"));
        var readers = new[] { typeof(PageLimit), typeof(PageStart), typeof(DayRange), typeof(TimeRange) }
            .Where(reader => code.Contains($"{reader.Name}.Read(", StringComparison.Ordinal));
        Assert.Equal(
            QueryField().Matches(code).Select(match => match.Groups[1].Value)
                .Concat(readers.SelectMany(reader => reader.GetCustomAttributes(typeof(QueryAttribute), false)).Select(query => ((QueryAttribute)query).Name))
                .Distinct().Order(),
            ApiFunction.All.Where(function => function.Method.DeclaringType!.FullName == type)
                .SelectMany(function => function.Query).Select(query => query.Name).Distinct().Order());
    }

    [Fact]
    public void The_kinds_of_security_events_are_all_listed() =>
        Assert.Equal(typeof(SecurityEventKind).GetFields().Select(field => (SecurityEventKind)field.GetValue(null)!), SecurityEventKind.All);

    [Fact]
    public void The_actions_of_log_entries_are_all_listed() => Assert.Equal(
        typeof(LogAction).GetFields().Select(field => $"{field.GetValue(null)}").Order(), LogAction.All.Select(action => action.Name).Order());

    [GeneratedRegex(@"(?:\.Query(?:Field|Flag)\(|(?:PlaceField|UserIds)\.Read\(request, )""([\w-]+)""")]
    private static partial Regex QueryField();
}
