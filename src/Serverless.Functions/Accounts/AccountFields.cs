namespace Serverless.Functions.Accounts;

/// <summary>Fields that several request bodies have. A wrong one is a <see cref="ProblemException"/> that names it.</summary>
internal static class AccountFields
{
    public const int MaximumCaptchaLength = 8192;
    public const string MayBeLeftOut =
        "May be left out if the last login or step-up was by passkey, at most 15 minutes ago (`StepUp__MaximumAge`).";

    public static Email ReadEmail(string? text) =>
        text is null ? throw ProblemException.InvalidField("email", "is missing.")
        : Email.TryParse(text, out var email) ? email
        : throw ProblemException.InvalidField("email", "is not an email address.");

    public static string ReadToken(string? text) =>
        string.IsNullOrEmpty(text) ? throw ProblemException.InvalidField("token", "is missing.") : text;

    public static Password ReadPassword(string? text, string field) =>
        string.IsNullOrEmpty(text) ? throw ProblemException.InvalidField(field, "is missing.") : new Password(text);

    // The use case checks the length of a new one.
    public static Password ReadCurrentPassword(string? text, string field) =>
        ReadPassword(text, field) is { Length: <= PasswordOptions.MaximumLength } password ? password
        : throw ProblemException.InvalidField(field, $"must have at most {PasswordOptions.MaximumLength} characters.");

    /// <summary>Null if it is absent: then the session's last proof counts.</summary>
    public static Password? ReadCurrentPasswordIfSent(string? text, string field) => text is null ? null : ReadCurrentPassword(text, field);

    public static IReadOnlyList<string>? ReadRoles(IReadOnlyList<string>? roles) =>
        roles is null || Roles.AreValid(roles) ? roles
        : throw ProblemException.InvalidField(
            "roles",
            $"must be at most {Roles.MaximumCount} distinct names of 1 to 32 characters: a-z, 0-9, dot, dash, underscore.");

    /// <summary>Checks the user's own name for a thing. What is invisible in it is stripped later.</summary>
    public static void CheckName(string? name, string field, int maximumLength)
    {
        if (name?.Length > maximumLength)
            throw ProblemException.InvalidField(field, $"must have at most {maximumLength} characters.");
        if (name?.Any(char.IsControl) == true)
            throw ProblemException.InvalidField(field, "must not contain control characters.");
    }

    public static CaptchaToken? ReadCaptchaToken(string? text) =>
        string.IsNullOrEmpty(text) ? null
        : text.Length <= MaximumCaptchaLength ? new CaptchaToken(text)
        : throw ProblemException.InvalidField("captchaToken", $"must have at most {MaximumCaptchaLength} characters.");
}
