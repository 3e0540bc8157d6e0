namespace Serverless.Sessions.Settings;

/// <summary>An https URL, or empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpsUrlAttribute : ValidationAttribute
{
    /// <summary>Whether http is allowed for an address on this machine.</summary>
    public bool OrThisMachine { get; init; }

    /// <summary>Whether http is allowed for any address.</summary>
    public bool OrHttp { get; init; }

    public override string FormatErrorMessage(string name) =>
        $"{name} must be an {(OrHttp ? "http or " : "")}https URL{(OrThisMachine ? " (or http for this machine)" : "")}.";

    public override bool IsValid(object? value) =>
        value?.ToString() is not { Length: > 0 } text
        || (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps
                || (url.Scheme == Uri.UriSchemeHttp && (OrHttp || (OrThisMachine && url.IsLoopback)))));
}
