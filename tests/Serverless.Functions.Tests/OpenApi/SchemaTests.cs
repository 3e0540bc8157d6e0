using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Serverless.Functions.Accounts;
using Serverless.Functions.Captcha;
using Serverless.Functions.Http;
using Serverless.Functions.Mailbox;
using Serverless.Functions.Sessions;
using Serverless.Sessions.Accounts;
using Serverless.Testing.OpenApi;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>That the schemas of the document are the records on the wire. The schema of <c>LoginBody</c> is <c>Login</c>.</summary>
public sealed class SchemaTests
{
    // The feed is written without records; golden files and every answer of the end-to-end suite hold it.
    private static readonly string[] WithoutRecord = ["Revocation", "RevocationsClaims", "RevocationsHeader"];

    // What a captcha provider answers is not ours to promise.
    private static readonly List<JsonTypeInfo> Records = FindRecords(typeof(SiteverifyBody));

    public static TheoryData<string> Names => [.. Records.Select(NameOf)];

    [Fact]
    public void Every_record_on_the_wire_has_a_schema_and_vice_versa() => Assert.Equal(
        Records.Select(NameOf).Concat(WithoutRecord).Order(),
        ApiDocument.Components("schemas").EnumerateObject().Select(each => each.Name).Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void A_schema_has_the_properties_of_its_record_in_their_order_and_of_their_types(string name)
    {
        var schema = ApiDocument.Schema(name);
        Assert.Equal("object", schema.GetProperty("type").GetString());
        Assert.Equal(
            PropertiesOf(name).Select(property => $"{property.Name}: {TypeOf(property)}"),
            schema.GetProperty("properties").EnumerateObject().Select(property => $"{property.Name}: {TypeOf(property.Value)}"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_answer_requires_all_but_what_is_left_out_when_there_is_nothing_to_tell(string name)
    {
        if (IsRequest(name))
            return; // What a request requires is the matter of its check.
        Assert.Equal(
            PropertiesOf(name).Where(property => !IsLeftOut(property)).Select(property => property.Name),
            Schema.RequiredBy(ApiDocument.Schema(name)));
    }

    [Fact]
    public void A_request_requires_what_its_check_misses()
    {
        Assert.Equal(MissedBy<LoginRequestBody>(body => body.Check()), RequiredBy("LoginRequest"));
        Assert.Equal(MissedBy<NewAccountRequestBody>(body => body.Check()), RequiredBy("NewAccountRequest"));
        Assert.Equal(MissedBy<PasswordChangeRequestBody>(body => body.Check()), RequiredBy("PasswordChangeRequest"));
        var caller = UserId.New(default);
        Assert.Equal(MissedBy<MessageRequestBody>(body => body.Check(caller)), RequiredBy("MessageRequest"));
        Assert.Equal(MissedBy<ReadRequestBody>(body => body.Check(caller)), RequiredBy("ReadRequest"));
        // The cookie may have the token instead.
        Assert.Equal(["refreshToken"], MissedBy<RefreshRequestBody>(body => body.Check()));
        Assert.Empty(RequiredBy("RefreshRequest"));
        Assert.Empty(RequiredBy("LogoutRequest"));
        Assert.Empty(RequiredBy("ChangeAccountRequest"));
    }

    [Fact]
    public void Every_body_that_an_operation_takes_or_gives_is_of_a_record() => Assert.All(
        ApiDocument.Operations.Where(each => each.Path != "/openapi.json" && each.Path.Split('/')[1] is not ("dashboard" or "demo")), each =>
        {
            var contents = each.Responses.Where(answer => answer.Key[0] == '2').Select(answer => answer.Value)
                .Concat(each.Body.TryGetProperty("requestBody", out var request) ? [request] : [])
                .Where(holder => holder.TryGetProperty("content", out _))
                .Select(holder => holder.GetProperty("content").EnumerateObject().Single());
            Assert.All(contents.Where(content => content.Name != "application/jwt"), content => Assert.StartsWith(
                "#/components/schemas/", content.Value.GetProperty("schema").GetProperty("$ref").GetString(), StringComparison.Ordinal));
        });

    // The names of the properties without which a check complains about them.
    private static IEnumerable<string> MissedBy<T>(Func<T, Problem?> check)
        where T : class
    {
        var all = new JsonObject
        {
            ["email"] = "a@example.com",
            ["password"] = "correct horse battery staple",
            ["refreshToken"] = "token",
            ["currentPassword"] = "correct horse battery staple",
            ["newPassword"] = "wrong donkey capacitor paperclip",
            ["to"] = "0001KAHZ3YQ6T0N8M5R2V4W7X9ZA",
            ["body"] = "hello",
            ["idempotencyKey"] = "a key of mine",
            ["with"] = "0001KAHZ3YQ6T0N8M5R2V4W7X9ZA",
            ["upTo"] = 1,
        };
        var type = (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!;
        Assert.Null(check(all.Deserialize(type)!));
        return type.Properties.Select(property => property.Name).Where(property =>
        {
            var without = all.DeepClone().AsObject();
            without.Remove(property);
            return check(without.Deserialize(type)!)?.Detail.StartsWith($"{property}:", StringComparison.Ordinal) == true;
        });
    }

    private static IEnumerable<string> RequiredBy(string name) => Schema.RequiredBy(ApiDocument.Schema(name));

    private static bool IsRequest(string name) => name.EndsWith("Request", StringComparison.Ordinal);

    private static string NameOf(JsonTypeInfo record) => NameOf(record.Type);

    private static string NameOf(Type type) => type.Name[..^"Body".Length];

    // Of a request only what is read: what it works out of that is its own.
    private static IEnumerable<JsonPropertyInfo> PropertiesOf(string name) => Records.Single(record => NameOf(record) == name)
        .Properties.Where(property => !IsRequest(name) || property.AssociatedParameter is not null);

    private static bool IsLeftOut(JsonPropertyInfo property) =>
        property.AttributeProvider!.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            .OfType<JsonIgnoreAttribute>().Any(attribute => attribute.Condition == JsonIgnoreCondition.WhenWritingNull);

    // Such as "string date-time", "string?", "array of Session".
    private static string TypeOf(JsonPropertyInfo property) =>
        TypeOf(property.PropertyType, property.IsGetNullable && !IsLeftOut(property) ? "?" : "");

    private static string TypeOf(Type type, string mark)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return "string" + mark;
        if (type == typeof(bool))
            return "boolean" + mark;
        if (type == typeof(int) || type == typeof(long))
            return "integer" + mark;
        if (type == typeof(DateTimeOffset))
            return $"string{mark} date-time";
        return type.IsGenericType ? $"array{mark} of {TypeOf(type.GetGenericArguments()[0], "")}" : NameOf(type) + mark;
    }

    private static string TypeOf(JsonElement schema)
    {
        if (schema.TryGetProperty("$ref", out var reference))
            return reference.GetString()!.Split('/')[^1];
        var text = string.Concat(Schema.TypesOf(schema).Select(type => type == "null" ? "?" : type));
        if (schema.TryGetProperty("items", out var items))
            text += $" of {TypeOf(items)}";
        return schema.TryGetProperty("format", out var format) && format.GetString() == "date-time" ? text + " date-time" : text;
    }

    // The context has a property for every type on the wire, those within others included.
    private static List<JsonTypeInfo> FindRecords(Type except) =>
    [
        .. from property in typeof(WireJson).GetProperties()
           where property.PropertyType.IsGenericType && property.PropertyType.GetGenericTypeDefinition() == typeof(JsonTypeInfo<>)
           let type = property.PropertyType.GetGenericArguments()[0]
           where type != except && WireJson.Default.GetTypeInfo(type)!.Kind == JsonTypeInfoKind.Object
           select WireJson.Default.GetTypeInfo(type)!,
    ];
}
