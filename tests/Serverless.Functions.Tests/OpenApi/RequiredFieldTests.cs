using System.Text.Json.Serialization.Metadata;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>The fields with <c>[Required]</c> are those that a request's check misses.</summary>
public sealed class RequiredFieldTests
{
    private static readonly UserId Caller = UserId.New(default);

    [Fact]
    public void A_request_requires_what_its_check_misses()
    {
        Agrees<LoginRequestBody>(body => body.Check());
        Agrees<NewAccountRequestBody>(body => body.Check());
        Agrees<PasswordChangeRequestBody>(body => body.Check());
        Agrees<MessageRequestBody>(body => body.Check(Caller));
        Agrees<ReadRequestBody>(body => body.Check(Caller));
        // The cookie may have the token instead.
        Agrees<RefreshRequestBody>(body => body.Check(), "refreshToken");
    }

    private static void Agrees<T>(Func<T, Problem?> check, params string[] elsewhere)
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
        var missed = type.Properties.Select(property => property.Name).Where(property =>
        {
            var without = all.DeepClone().AsObject();
            without.Remove(property);
            return check(without.Deserialize(type)!)?.Detail.StartsWith($"{property}:", StringComparison.Ordinal) == true;
        });
        Assert.Equal(
            type.Properties.Where(property => property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(RequiredAttribute), false) == true)
                .Select(property => property.Name),
            missed.Except(elsewhere));
    }
}
