namespace Serverless.Functions.Http;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, MaxDepth = 8,
    Converters = [typeof(Iso8601Converter)])]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(LoginRequestBody))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(PasskeyLoginRequestBody))]
[JsonSerializable(typeof(CeremonyBody))]
[JsonSerializable(typeof(NewPasskeyRequestBody))]
[JsonSerializable(typeof(NewPasskeyAccountRequestBody))]
[JsonSerializable(typeof(PasskeyChangeRequestBody))]
[JsonSerializable(typeof(PasskeyBody))]
[JsonSerializable(typeof(PasskeysBody))]
[JsonSerializable(typeof(PushKeyBody))]
[JsonSerializable(typeof(PushSubscriptionRequestBody))]
[JsonSerializable(typeof(PushMessageBody))]
[JsonSerializable(typeof(NotificationsRequestBody))]
[JsonSerializable(typeof(NotificationsBody))]
[JsonSerializable(typeof(RefreshRequestBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(StepUpRequestBody))]
[JsonSerializable(typeof(StepUpWaysBody))]
[JsonSerializable(typeof(StepUpBody))]
[JsonSerializable(typeof(LogoutRequestBody))]
[JsonSerializable(typeof(StatusBody))]
[JsonSerializable(typeof(SessionsBody))]
[JsonSerializable(typeof(LogPageBody))]
[JsonSerializable(typeof(HeartbeatRequestBody))]
[JsonSerializable(typeof(HeartbeatBody))]
[JsonSerializable(typeof(NoticesBody))]
[JsonSerializable(typeof(MessageRequestBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(MessagesBody))]
[JsonSerializable(typeof(ConversationsBody))]
[JsonSerializable(typeof(ReadRequestBody))]
[JsonSerializable(typeof(PresenceBody))]
[JsonSerializable(typeof(NewAccountRequestBody))]
[JsonSerializable(typeof(ImportedAccountRequestBody))]
[JsonSerializable(typeof(ImportReportBody))]
[JsonSerializable(typeof(PasswordChangeRequestBody))]
[JsonSerializable(typeof(EmailRequestBody))]
[JsonSerializable(typeof(TokenRequestBody))]
[JsonSerializable(typeof(PasswordResetRequestBody))]
[JsonSerializable(typeof(EmailChangeRequestBody))]
[JsonSerializable(typeof(ChangeAccountRequestBody))]
[JsonSerializable(typeof(SecureAccountRequestBody))]
[JsonSerializable(typeof(SecuredAccountBody))]
[JsonSerializable(typeof(DeletionRequestBody))]
[JsonSerializable(typeof(ExportBody))]
[JsonSerializable(typeof(AdminAccountsBody))]
[JsonSerializable(typeof(SessionAuditBody))]
[JsonSerializable(typeof(AccountAuditBody))]
[JsonSerializable(typeof(ActivityPageBody))]
[JsonSerializable(typeof(SuspiciousIpsBody))]
[JsonSerializable(typeof(SecurityEventsBody))]
[JsonSerializable(typeof(SecurityWebhookBody))]
[JsonSerializable(typeof(StatisticsBody))]
[JsonSerializable(typeof(FailedLoginsBody))]
[JsonSerializable(typeof(SiteverifyBody))]
[JsonSerializable(typeof(JsonWebKeySetBody))]
[JsonSerializable(typeof(OpenIdConfigurationBody))]
[JsonSerializable(typeof(HealthBody))]
[JsonSerializable(typeof(LiveBody))]
[JsonSerializable(typeof(ReadyBody))]
internal sealed partial class WireJson : JsonSerializerContext;

/// <summary>A body with secrets or private text, which can't be logged by accident.</summary>
internal abstract record RedactedBody
{
    public sealed override string ToString() => $"[{GetType().Name}]";
}

/// <summary>Times on the wire: UTC with milliseconds, the format of JavaScript's <c>toISOString</c>.</summary>
internal sealed class Iso8601Converter : JsonConverter<DateTimeOffset>
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    // RFC 3339 requires an offset; without one the machine's zone would count.
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTime().Kind == DateTimeKind.Unspecified ? throw new JsonException() : reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[Format.Length];
        value.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
