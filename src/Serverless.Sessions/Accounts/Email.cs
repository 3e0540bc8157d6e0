using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Serverless.Sessions.Accounts;

/// <summary>
/// An email address as people expect two spellings of it to be the same: without surrounding blanks, in Unicode NFC, in lower
/// case. Nothing that a single provider does (dots, plus tags) is undone.
/// </summary>
public sealed record Email
{
    /// <summary>The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3, less the angle brackets).</summary>
    public const int MaximumLength = 254;

    private Email(string value) => Value = value;

    /// <summary>The normalized address.</summary>
    public string Value { get; }

    // What RFC 5321, 4.1.2 and 4.1.3, allows in quotes or as an address literal only, which nobody has.
    private static readonly SearchValues<char> Specials = SearchValues.Create("()<>[]:;,\\\"");

    /// <summary>Normalizes an address; refuses what can be none: no single <c>@</c> with text on both sides, special characters
    /// that would need quotes, characters that can't be seen (by which two addresses could look the same), more than 254
    /// characters.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Email? email)
    {
        email = null;
        if (text is null || text.Length > 4 * MaximumLength || !IsWellFormed(text))
            return false;

        var value = text.Trim().Normalize(NormalizationForm.FormC).ToLowerInvariant();
        var at = value.IndexOf('@', StringComparison.Ordinal);
        if (value.Length > MaximumLength || at <= 0 || at != value.LastIndexOf('@') || at == value.Length - 1)
            return false;
        if (value.AsSpan().ContainsAny(Specials) || value.EnumerateRunes().Any(rune => Rune.IsWhiteSpace(rune) || Invisible.Is(rune)))
            return false;

        email = new(value);
        return true;
    }

    /// <summary>Where the account of this address is kept.</summary>
    public AccountKey ToAccountKey()
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(Value), hash);
        return new(Convert.ToHexStringLower(hash[..16]));
    }

    /// <inheritdoc/>
    public override string ToString() => Value;

    // Normalize throws for text that is no Unicode, such as half of a surrogate pair.
    internal static bool IsWellFormed(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var used) != OperationStatus.Done)
                return false;
            rest = rest[used..];
        }

        return true;
    }
}

/// <summary>The first 32 hexadecimal digits of the SHA-256 of a normalized email; also names emails without an account.</summary>
public readonly record struct AccountKey(string Value)
{
    /// <summary>Reads the text form.</summary>
    public static bool TryParse(string? text, out AccountKey key)
    {
        key = new(text ?? "");
        return text is { Length: 32 } && text.All(char.IsAsciiHexDigitLower);
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
