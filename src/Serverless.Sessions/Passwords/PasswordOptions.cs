namespace Serverless.Sessions.Passwords;

public sealed class PasswordOptions
{
    /// <summary>The most characters of a password; longer ones are refused before any hashing.</summary>
    public const int MaximumLength = 128;

    // NIST SP 800-63B asks for at least 8.
    [Setting("the fewest characters of a new password", "your policy requires longer ones")]
    [Range(8, 64)]
    public int MinimumLength { get; set; } = 12;

    [Setting("refuses new passwords that are known from leaks: a range API such as `https://api.pwnedpasswords.com/range/`, which gets "
        + "five hexadecimal digits of the password's SHA-1, or the path of a file of sorted SHA-1 hashes; empty for none",
        "users choose passwords that attackers try first")]
    [BreachedList]
    public string BreachedList { get; set; } = "";

    [Setting("whether a new password gets 503 while that list can't be read, instead of being accepted", "your policy requires the check")]
    public bool BreachedListRequired { get; set; }

    [Setting("how long a login may wait for earlier ones with the same email, and again for a free core to hash on, before it gets 503",
        "event 1002 is frequent and callers would rather wait")]
    [Duration("00:00:00", "00:00:10")]
    public TimeSpan MaximumWait { get; set; } = TimeSpan.FromSeconds(2);

    [Setting("hashes with next to no work, in Development only", "your tests log in often")]
    public bool WeakHashes { get; set; }

    /// <summary>Returns why the length of a new password is refused; null if it isn't. <see cref="PasswordRules"/> has all rules.</summary>
    public string? RefuseLength(Password password) =>
        password.Length < MinimumLength ? $"A password needs at least {MinimumLength} characters."
        : password.Length > MaximumLength ? $"A password has at most {MaximumLength} characters."
        : null;
}

/// <summary>An https URL, or http for this machine, or the path of a file, or empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BreachedListAttribute : ValidationAttribute
{
    private static readonly HttpsUrlAttribute Url = new() { OrThisMachine = true };

    public override string FormatErrorMessage(string name) =>
        $"{name} must be an https URL (or http for this machine) or the path of a file.";

    public override bool IsValid(object? value) => value is string text && (!IsUrl(text) || Url.IsValid(text));

    /// <summary>Whether it has a scheme.</summary>
    public static bool IsUrl(string list) => list.Contains("://", StringComparison.Ordinal);
}
