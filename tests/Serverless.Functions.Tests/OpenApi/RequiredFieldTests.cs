using System.Text.Json.Serialization.Metadata;
using Serverless.Functions.Tests.Push;

namespace Serverless.Functions.Tests.OpenApi;

/// <summary>The fields with <c>[Required]</c> are those without which a request can't be read.</summary>
public sealed class RequiredFieldTests
{
    private static readonly UserId Caller = UserId.New(default);
    private static readonly PushEndpoints PushServices = new(Options.Create(new PushOptions()), new StubEnvironment("Production"));

    [Fact]
    public void A_request_requires_the_fields_that_it_is_refused_without()
    {
        Agrees<LoginRequestBody>(body => body.Read());
        Agrees<PasskeyLoginRequestBody>(body => body.Read(origin: null));
        Agrees<NewPasskeyRequestBody>(body => body.Read(origin: null));
        Agrees<NewPasskeyAccountRequestBody>(body => body.Read(origin: null));
        Agrees<NewAccountRequestBody>(body => body.Read());
        Agrees<SecureAccountRequestBody>(body => body.Read(isOwn: false));
        Agrees<PasswordChangeRequestBody>(body => body.Read());
        Agrees<MessageRequestBody>(body => body.Read(Caller));
        Agrees<ReadRequestBody>(body => body.Read(Caller));
        Agrees<PushSubscriptionRequestBody>(body => body.Read(PushServices));
        // The cookie may have the token instead.
        Agrees<RefreshRequestBody>(body => body.ReadToken(), "refreshToken");
    }

    private static void Agrees<T>(Func<T, object> read, params string[] elsewhere)
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
            ["disable"] = true,
            ["state"] = "state",
            ["credential"] = new JsonObject(),
            ["name"] = "My phone",
            ["endpoint"] = "https://fcm.googleapis.com/1",
            ["keys"] = new JsonObject
            {
                ["p256dh"] = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
                ["auth"] = "BTBZMqHH6r4Tts7J_aSIgg",
            },
        };
        var type = (JsonTypeInfo<T>)WireJson.Default.GetTypeInfo(typeof(T))!;
        Assert.Null(Xunit.Record.Exception(() => read(all.Deserialize(type)!)));
        var missed = type.Properties.Select(property => property.Name).Where(property =>
        {
            var without = all.DeepClone().AsObject();
            without.Remove(property);
            var failure = Xunit.Record.Exception(() => read(without.Deserialize(type)!)) as ProblemException;
            return failure?.Problem.Detail.StartsWith($"{property}:", StringComparison.Ordinal) == true;
        });
        Assert.Equal(
            type.Properties.Where(property => property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(RequiredAttribute), false) == true)
                .Select(property => property.Name),
            missed.Except(elsewhere));
    }
}
