using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Serverless.Sessions.Text;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// An email address by its normal form, which is a fixed point: spellings that differ in case, in how an accent is written or in
/// the final sigma are one address, and the form of a form is itself. The domain is an A-label. Nothing that a single provider
/// does (dots, plus tags) is undone, and characters that only look alike stay distinct.
/// </summary>
public sealed class Email : IEquatable<Email>
{
    /// <summary>The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets).</summary>
    public const int MaximumLength = 254;

    // What RFC 5321, 4.1.2 and 4.1.3, allows in quotes or as an address literal only, which nobody has.
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;,\\\"");

    private static readonly IdnMapping Domains = new() { UseStd3AsciiRules = true };

    private Email(string value, string address) => (Value, Address) = (value, address);

    /// <summary>The normal form: identifies the address, and is compared ordinally.</summary>
    public string Value { get; }

    /// <summary>The address as its owner typed it, in Unicode NFC: where mail goes.</summary>
    public string Address { get; }

    /// <summary>Normalizes an address; refuses what can be none: no single <c>@</c>, a local part with an empty atom, a domain
    /// that has no A-label, special characters that would need quotes, characters that can't be seen or aren't assigned, letters
    /// that another letter's case folds into, more than 254 characters.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Email? email)
    {
        email = null;
        if (text is null || text.Length > 4 * MaximumLength || !UnicodeText.CanNormalize(text))
            return false;

        var address = text.Trim().Normalize(NormalizationForm.FormC);
        if (address.AsSpan().ContainsAny(Specials) || address.EnumerateRunes().Any(IsRefused)
            || address.Split('@') is not [var local, var domain]
            || local.Split('.').Contains("")
            || ToNormalForm(local) is not { } name
            || ToALabel(domain) is not { } host)
        {
            return false;
        }

        var value = $"{name}@{host}";
        if (Math.Max(value.Length, address.Length) > MaximumLength)
            return false;
        email = new(value, address);
        return true;
    }

    /// <summary>An address as it is stored. Its normal form is taken as it stands and never made again, so that a newer version of
    /// Unicode moves nobody.</summary>
    /// <param name="value">The normal form.</param>
    /// <param name="address">The address as it was typed; null where that is the normal form.</param>
    public static Email OfStored(string value, string? address) => new(value, address ?? value);

    /// <summary>Where the account of this address is kept.</summary>
    public AccountKey ToAccountKey()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Value), hash);
        return new(Convert.ToHexStringLower(hash[..16]));
    }

    /// <inheritdoc/>
    public bool Equals(Email? other) => other?.Value == Value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Email);

    /// <inheritdoc/>
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Value;

    // Up and down again, since several lower-case letters may have one capital. Where the way up joins more than the sigmas, as of
    // the long s and the s, the mail of one address would belong to the owner of another. The invariant culture leaves the capital
    // dotted I as it is, whose lower case is an i and a dot.
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
            // A trailing dot says the same once more.
            return domain.EndsWith('.') ? null : Domains.GetAscii(domain).ToLowerInvariant();
        }
        // The mapping has no other way to say no.
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static bool IsRefused(Rune rune) => Rune.IsWhiteSpace(rune) || TextSanitizer.Is(rune)
        || Rune.GetUnicodeCategory(rune) == UnicodeCategory.PrivateUse;
}

/// <summary>The first 32 hexadecimal digits of the SHA-256 of a normalized email; also names emails without an account.</summary>
public readonly record struct AccountKey(string Value)
{
    /// <summary>Reads the text form.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AccountKey key)
    {
        key = new(text.ToString());
        return HexDigits.Are(text, 32);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
