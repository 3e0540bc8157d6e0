namespace Serverless.Sessions.Login;

/// <summary>A password in Unicode NFC, as keyboards differ in how they encode accents (NIST SP 800-63B, 3.1.1.2).</summary>
public readonly record struct Password
{
    public Password(string text) => Text = UnicodeText.CanNormalize(text) ? text.Normalize(NormalizationForm.FormC) : text;

    public string Text { get; }

    /// <summary>The length in code points, as the user counts it.</summary>
    public int Length => Text.EnumerateRunes().Count();

    public override string ToString() => "[password]";
}

/// <summary>A stored password hash in the format of ASP.NET Core Identity. <see cref="ToString"/> redacts it.</summary>
public readonly record struct PasswordHash(string Text)
{
    public override string ToString() => "[password hash]";
}
