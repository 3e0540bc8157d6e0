using System.Diagnostics.CodeAnalysis;

namespace Serverless.Sessions.Accounts;

/// <summary>An email address, identified by its normal form: spellings that differ in case, accent encoding or final sigma are
/// one address. Provider-specific rules (dots, plus tags) aren't applied, and look-alike characters stay distinct.</summary>
public sealed record Email
{
    /// <summary>The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets).</summary>
    public const int MaximumLength = 254;

    // RFC 5321, 4.1.2 and 4.1.3, allow these only in quotes or address literals, which nobody uses.
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;,\\\"");
    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    private Email(string value, string address) => (Value, Address) = (value, address);

    public string Value { get; }

    /// <summary>The address as typed, in Unicode NFC: where mail goes.</summary>
    public string Address { get; }

    /// <summary>Normalizes an address. Refuses anything but one <c>@</c>, empty atoms, domains without an A-label, characters
    /// that need quotes or are invisible or unassigned, letters that case folding merges, and more than 254 characters.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Email? email)
    {
        email = null;
        if (text is null || text.Length > 4 * MaximumLength || !UnicodeText.CanNormalize(text))
            return false;

        var address = text.Trim().Normalize(NormalizationForm.FormC);
        if (address.AsSpan().ContainsAny(Specials) || address.EnumerateRunes().Any(IsRefused)
            || address.Split('@') is not [var local, var domain] || local.Split('.').Contains("")
            || ToNormalForm(local) is not { } name || ToALabel(domain) is not { } host)
        {
            return false;
        }

        var value = $"{name}@{host}";
        if (Math.Max(value.Length, address.Length) > MaximumLength)
            return false;
        email = new(value, address);
        return true;
    }

    /// <summary>Normalizes the beginning of an address; null if no address begins so.</summary>
    public static EmailPrefix? NormalizePrefix(string text)
    {
        if (text.Length > MaximumLength || !UnicodeText.CanNormalize(text))
            return null;
        var address = text.Trim().Normalize(NormalizationForm.FormC);
        if (address.Length == 0 || address.AsSpan().ContainsAny(Specials) || address.EnumerateRunes().Any(IsRefused))
            return null;
        return address.Split('@') switch
        {
            [var local] => ToNormalForm(local) is { } name ? new(name) : null,
            [var local, var domain] when ToNormalForm(local) is { Length: > 0 } name => PrefixOf(name, domain),
            _ => null,
        };
    }

    private static EmailPrefix PrefixOf(string name, string domain)
    {
        var complete = domain[..(domain.LastIndexOf('.') + 1)];
        var host = complete.Length > 0 && ToALabel(complete[..^1]) is { } label ? $"{label}." : complete.ToLowerInvariant();
        var rest = domain[complete.Length..].ToLowerInvariant();
        return Ascii.IsValid(rest) ? new($"{name}@{host}{rest}") : new($"{name}@{host}", rest);
    }

    /// <summary>The labels of a domain in Unicode; what is none stays as it is.</summary>
    internal static string ToUnicode(string domain)
    {
        try
        {
            return Domains.GetUnicode(domain);
        }
        // The only way IdnMapping reports failure.
        catch (ArgumentException)
        {
            return domain;
        }
    }

    /// <summary>Restores a stored address; its normal form is not recalculated, so a newer Unicode changes no identity.</summary>
    public static Email OfStored(string value, string? address) => new(value, address ?? value);

    public AccountKey ToAccountKey() => new(Digest.HexOf(Value));

    public bool Equals(Email? other) => other?.Value == Value;
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
    public override string ToString() => Value;

    // Upper case first, since several lower-case letters may share a capital. Where that merges more than the sigmas, such as the
    // long s with s, one address would receive the mail of another's owner. The dotted capital I is refused: the invariant
    // culture keeps it, though its lower case is an i and a dot.
    private static string? ToNormalForm(string local)
    {
        if (local.Contains('\u0130', StringComparison.Ordinal))
            return null;
        var form = local.ToUpperInvariant().ToLowerInvariant().Normalize(NormalizationForm.FormC);
        var lower = local.ToLowerInvariant().Normalize(NormalizationForm.FormC).Replace('\u03c2', '\u03c3');
        return form == lower ? form : null;
    }

    private static string? ToALabel(string domain)
    {
        try
        {
            // A trailing dot would be a second spelling.
            return domain.EndsWith('.') ? null : Domains.GetAscii(domain).ToLowerInvariant();
        }
        // The only way IdnMapping reports failure.
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsRefused(Rune rune) =>
        Rune.IsWhiteSpace(rune) || TextSanitizer.Is(rune) || Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse;
}

/// <summary>The beginning of an email in normal form. <c>Label</c> is how the next label of the domain begins, in Unicode: one that isn't
/// complete, and isn't ASCII, has no A-label, so emails are read by what is before it and then compared.</summary>
public sealed record EmailPrefix(string Indexed, string Label = "")
{
    public bool Begins(Email email) => email.Value.StartsWith(Indexed, StringComparison.Ordinal)
        && (Label.Length == 0 || Email.ToUnicode(email.Value[Indexed.Length..]).StartsWith(Label, StringComparison.Ordinal));
}

/// <summary>The first 128 bits of a normalized email's SHA-256 in hexadecimal; it also names emails without an account.</summary>
public readonly record struct AccountKey(string Value)
{
    public static bool TryParse(ReadOnlySpan<char> text, out AccountKey key)
    {
        key = new(text.ToString());
        return HexDigits.Are(text, 32);
    }

    public override string ToString() => Value;
}
