namespace Serverless.Functions.Login;

/// <summary>The field <c>captchaToken</c> of request bodies.</summary>
internal static class CaptchaField
{
    public const int MaximumLength = 8192;

    /// <summary>Returns an error or null, before the token is sent to the provider.</summary>
    public static Problem? Check(string? token) => token?.Length > MaximumLength
        ? Problem.InvalidField("captchaToken", $"must have at most {MaximumLength} characters.")
        : null;
}
