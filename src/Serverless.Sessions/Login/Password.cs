using System.Text;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Login;

/// <summary>A password as somebody typed it, in Unicode NFC: keyboards differ in how they write an accent (NIST SP 800-63B,
/// 3.1.1.2). It can't be logged by accident.</summary>
public readonly record struct Password
{
    /// <summary>Normalizes a password; text that can't be normalized stays as it is.</summary>
    public Password(string text) => Text = UnicodeText.CanNormalize(text) ? text.Normalize(NormalizationForm.FormC) : text;

    /// <summary>The normalized password.</summary>
    public string Text { get; }

    /// <summary>Its length as its user counts it: in code points.</summary>
    public int Length => Text.EnumerateRunes().Count();

    /// <inheritdoc/>
    public override string ToString() => "[password]";
}

/// <summary>A password's stored hash, in the format of ASP.NET Core Identity. It can't be logged by accident.</summary>
public readonly record struct PasswordHash(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "[password hash]";
}
