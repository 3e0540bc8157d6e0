using System.Buffers;
using System.Text;

namespace Serverless.Functions.Passwords;

/// <summary>Searches a file of SHA-1 hashes in ascending order, a line each with or without a count, as Have I Been Pwned offers it: by
/// halving, with some 40 reads of a file of 40 GB. Opens it for each search, so that it can be replaced.</summary>
internal sealed class BreachedFile(IOptions<PasswordOptions> options) : IBreachedPasswords
{
    // A hash, a count and the line's end.
    private const int LongestLine = BreachedHash.Length + 22;
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789ABCDEFabcdef");

    public async Task<bool> ContainsAsync(Password password, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(BreachedHash.Of(password), cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new BreachedListUnavailableException($"the file can't be read: {exception.GetType().Name}", exception);
        }
    }

    private async Task<bool> FindAsync(string hash, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(
            options.Value.BreachedList, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.Asynchronous);
        var buffer = new byte[2 * LongestLine];
        // The line begins at or after low, which is the beginning of one, and before high.
        var length = RandomAccess.GetLength(file);
        var (low, high) = (0L, length);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            // From the character before it, which is a line's end if a line begins there.
            var from = middle == low ? low : middle - 1;
            var text = Encoding.Latin1.GetString(buffer, 0, await RandomAccess.ReadAsync(file, buffer, from, cancellationToken));
            var begin = middle == low ? 0 : text.IndexOf('\n', StringComparison.Ordinal) + 1;
            var end = text.IndexOf('\n', begin);
            if (end < 0 && from + text.Length < length)
                throw new InvalidDataException();
            if (from + begin >= high || (begin == 0 && middle != low))
            {
                // None begins from middle on.
                high = middle;
                continue;
            }

            var line = (end < 0 ? text[begin..] : text[begin..end]).TrimEnd('\r');
            if (line.Length < BreachedHash.Length || line.AsSpan(0, BreachedHash.Length).ContainsAnyExcept(Digits))
                throw new InvalidDataException();
            var order = string.Compare(line, 0, hash, 0, BreachedHash.Length, StringComparison.OrdinalIgnoreCase);
            if (order == 0)
                return BreachedHash.IsCounted(line.AsSpan(BreachedHash.Length));
            if (order > 0)
                high = middle;
            else
                low = end < 0 ? high : from + end + 1;
        }

        return false;
    }
}
