using System.Reflection;
using System.Text.Json;
using Serverless.Functions.Http;
using Serverless.Sessions.AuditLog;
using Serverless.Sessions.Ending;
using Serverless.Sessions.Mailbox;
using Serverless.Sessions.Timeline;
using Serverless.Testing.OpenApi;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>That the document tells all that can go wrong, and nothing else.</summary>
public sealed class ProblemTests
{
    private static readonly Dictionary<string, string[]> HeadersOfStatus = new()
    {
        ["401"] = ["WWW-Authenticate"],
        ["405"] = ["Allow"],
        ["429"] = ["Retry-After"],
        ["503"] = ["Retry-After"],
    };

    private static IEnumerable<(string Status, JsonElement Response)> Problems =>
        from each in ApiDocument.Components("responses").EnumerateObject()
        where each.Value.TryGetProperty("content", out _)
        select (RuleOf(each.Value).GetProperty("status").GetProperty("const").ToString(), each.Value);

    [Fact]
    public void Every_problem_of_the_code_stands_in_the_document_and_vice_versa() => Assert.Equal(
        typeof(ProblemCode).GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (ProblemCode)field.GetValue(null)!)
            .Select(code => $"{(int)code.Status} {code.Name}").Order(),
        Problems
            .SelectMany(each => RuleOf(each.Response).GetProperty("code").GetProperty("enum").EnumerateArray()
                .Select(code => $"{each.Status} {code.GetString()}"))
            .Distinct().Order());

    [Fact]
    public void Every_refusal_is_a_problem_of_its_status() => Assert.All(
        ApiDocument.Operations.SelectMany(each => each.Responses).Concat(ApiDocument.OtherResponses)
            .Where(answer => answer.Key[0] is '4' or '5'),
        answer => Assert.Equal(answer.Key, RuleOf(answer.Value).GetProperty("status").GetProperty("const").ToString()));

    [Fact]
    public void Every_operation_with_a_body_tells_what_can_be_wrong_with_it() => Assert.All(
        ApiDocument.Operations.Where(each => each.Body.TryGetProperty("requestBody", out _)),
        each => Assert.Empty(new[] { "400", "413", "415" }.Except(each.Responses.Keys)));

    [Fact]
    public void A_problem_has_the_headers_of_its_status() => Assert.All(Problems, each => Assert.Equal(
        HeadersOfStatus.GetValueOrDefault(each.Status, []).Concat(["Cache-Control", "X-Content-Type-Options"]).Order(),
        HeadersOf(each.Response).Where(name => name != "Set-Cookie")));

    [Fact]
    public void Every_answer_tells_caches_what_they_may_keep() => Assert.All(
        ApiDocument.Operations.SelectMany(each => each.Responses.Values),
        answer => Assert.Contains("Cache-Control", HeadersOf(answer)));

    [Fact]
    public void Every_reason_and_every_action_of_the_code_is_named()
    {
        Assert.Equal(NamesOf<EndReason>(reason => reason.Name), ExamplesOf("Problem", "reason"));
        Assert.Equal(NamesOf<NoticeKind>(kind => kind.Name), ExamplesOf("Notice", "kind"));
        Assert.Equal(NamesOf<LogAction>(action => action.Name), ExamplesOf("LogEntry", "action"));
        var kinds = ApiDocument.Schema("SecurityEvent").GetProperty("properties").GetProperty("kind").GetProperty("enum");
        Assert.Equal(SecurityEventKind.All.Select(kind => kind.Name), kinds.EnumerateArray().Select(kind => kind.GetString()!));
        Assert.Equal(NamesOf<SecurityEventKind>(kind => kind.Name), SecurityEventKind.All.Select(kind => kind.Name).Order());
    }

    private static JsonElement RuleOf(JsonElement response) => response.GetProperty("content")
        .GetProperty("application/problem+json").GetProperty("schema").GetProperty("allOf")[1].GetProperty("properties");

    private static IEnumerable<string> HeadersOf(JsonElement response) =>
        response.GetProperty("headers").EnumerateObject().Select(header => header.Name).Order();

    private static IEnumerable<string> NamesOf<T>(Func<T, string> name) =>
        typeof(T).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => name((T)field.GetValue(null)!)).Order();

    private static IEnumerable<string> ExamplesOf(string schema, string property) => ApiDocument.Schema(schema)
        .GetProperty("properties").GetProperty(property).GetProperty("examples").EnumerateArray().Select(each => each.GetString()!).Order();
}
