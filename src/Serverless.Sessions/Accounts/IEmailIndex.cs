namespace Serverless.Sessions.Accounts;

/// <summary>The emails of accounts in their order, by which they are searched. An email is added before an account comes to it, so none is
/// missing, and an email without an account may be left over.</summary>
public interface IEmailIndex
{
    /// <summary>Adds an email, or renews it.</summary>
    Task AddAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Reads the emails that begin with a text, in one read.</summary>
    Task<EmailPage> ReadAsync(string prefix, EmailPosition? after, int limit, CancellationToken cancellationToken);

    /// <summary>Removes an email, if it is there; false if it was added or renewed within <see cref="EmailPosition.Grace"/>.</summary>
    Task<bool> TryRemoveAsync(EmailPosition email, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary><c>Next</c> is null on the last page.</summary>
public sealed record EmailPage(IReadOnlyList<EmailPosition> Emails, EmailPosition? Next);

/// <summary>The place of an email in the order of their characters. Written as <c>{beginning}.{account}</c>: a dot sorts before all digits,
/// so an email comes before those that it begins.</summary>
public readonly record struct EmailPosition(string Beginning, AccountKey Account)
{
    /// <summary>An email that was added this recently may be about to get its account.</summary>
    public static readonly TimeSpan Grace = EraseAccount.Settling;

    // In a key of storage, which has 512 characters at most.
    private const int MostBytes = 200;

    public static EmailPosition Of(Email email) => new(BeginningOf(email.Value), email.ToAccountKey());

    /// <summary>The first bytes of a text in UTF-8, in hexadecimal.</summary>
    public static string BeginningOf(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Convert.ToHexStringLower(bytes, 0, Math.Min(bytes.Length, MostBytes));
    }

    public static bool TryParse(string text, out EmailPosition position)
    {
        position = default;
        if (text.Split('.') is not [{ Length: > 1 and <= 2 * MostBytes } beginning, var account]
            || !HexDigits.Are(beginning, beginning.Length) || !AccountKey.TryParse(account, out var key))
        {
            return false;
        }

        position = new(beginning, key);
        return true;
    }

    public override string ToString() => $"{Beginning}.{Account}";
}
