namespace Serverless.Sessions.Passwords;

/// <summary>A password in Unicode NFC, as keyboards differ in how they encode accents (NIST SP 800-63B, 3.1.1.2).</summary>
public readonly record struct Password
{
    public Password(string text) => Text = UnicodeText.CanNormalize(text) ? text.Normalize(NormalizationForm.FormC) : text;

    public string Text { get; }

    /// <summary>The length in code points, as the user counts it.</summary>
    public int Length => Text.EnumerateRunes().Count();

    internal byte[] ToBytes() => Encoding.UTF8.GetBytes(Text);

    public override string ToString() => "[password]";
}

/// <summary>A stored password hash, of any kind that <see cref="StoredHash"/> reads. <see cref="ToString"/> redacts it.</summary>
public readonly record struct PasswordHash(string Text)
{
    public bool IsKnown => StoredHash.Read(Text) is not null;

    /// <summary>Why it isn't imported, as "passwordHash ..."; null if it may be.</summary>
    public string? WhyNotImported => StoredHash.Read(Text) is { } hash ? hash.WhyNotImported
        : "is of no known form, or costs too much to check.";

    public override string ToString() => "[password hash]";
}
