
namespace Serverless.Functions.Telemetry;

/// <summary>An http or https URL, or nothing.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class HttpUrlAttribute() : ValidationAttribute("{0} must be an http or https URL")
{
    public override bool IsValid(object? value) =>
        value?.ToString() is not { Length: > 0 } text
        || (Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp));
}
