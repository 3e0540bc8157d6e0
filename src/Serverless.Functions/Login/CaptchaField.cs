namespace Serverless.Functions.Login;

/// <summary>The field <c>captchaToken</c>, wherever a body may have it.</summary>
internal static class CaptchaField
{
    public const int MaximumLength = 8192;

    /// <summary>Finds what is wrong with it, before it is sent to the provider.</summary>
    public static Problem? Check(string? token) => token?.Length > MaximumLength
        ? Problem.InvalidField("captchaToken", $"has more than {MaximumLength} characters.")
        : null;
}
