namespace Serverless.Sessions.Passwords;

/// <summary>Parts of the PHC string format: <c>$id$v=version$name=value,...$salt$hash</c>
/// (https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md).</summary>
internal static class Phc
{
    private const int MostNumber = 1 << 24;

    public static string Write(string id, int version, string parameters, ReadOnlySpan<byte> salt, ReadOnlySpan<byte> hash) =>
        string.Create(CultureInfo.InvariantCulture, $"${id}$v={version}${parameters}${ToBase64(salt)}${ToBase64(hash)}");

    /// <summary>Reads exactly these parameters, in this order; null otherwise.</summary>
    public static string[]? ReadParameters(string text, params ReadOnlySpan<string> names)
    {
        var parameters = text.Split(',');
        if (parameters.Length != names.Length)
            return null;
        for (var i = 0; i < names.Length; i++)
        {
            if (!parameters[i].StartsWith($"{names[i]}=", StringComparison.Ordinal))
                return null;
            parameters[i] = parameters[i][(names[i].Length + 1)..];
        }

        return parameters;
    }

    /// <summary>The same for numbers, from 1 to 2^24.</summary>
    public static int[]? ReadNumbers(string text, params ReadOnlySpan<string> names)
    {
        if (ReadParameters(text, names) is not { } parameters)
            return null;
        var numbers = new int[parameters.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            if (!int.TryParse(parameters[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])
                || numbers[i] is 0 or > MostNumber)
            {
                return null;
            }
        }

        return numbers;
    }

    /// <summary>Reads base64 with or without its padding; null if it is none, or its length is out of bounds.</summary>
    public static byte[]? FromBase64(string text, int least, int most)
    {
        var digits = text.TrimEnd('=');
        var bytes = new byte[most + 3];
        return Convert.TryFromBase64String(digits.PadRight((digits.Length + 3) / 4 * 4, '='), bytes, out var length)
            && length >= least && length <= most ? bytes[..length] : null;
    }

    private static string ToBase64(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');
}
