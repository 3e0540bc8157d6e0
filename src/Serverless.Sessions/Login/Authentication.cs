namespace Serverless.Sessions.Login;

/// <summary>When and how the user of a session last proved who they are: at its login, or at a later step-up.</summary>
public readonly record struct Authentication(DateTimeOffset At, AuthenticationMethods Methods)
{
    public bool IsByPasskey => (Methods & (AuthenticationMethods.HardwareKey | AuthenticationMethods.SoftwareKey)) != 0;

    /// <summary>As a proof that is older than any maximum age.</summary>
    internal Authentication Expire() => this with { At = DateTimeOffset.UnixEpoch };
    public bool IsExpired => At == DateTimeOffset.UnixEpoch;
}

/// <summary>The ways of a proof, as the claim <c>amr</c> has them (RFC 8176).</summary>
[Flags]
public enum AuthenticationMethods : byte
{
    None = 0,

    /// <summary><c>pwd</c></summary>
    Password = 1,

    /// <summary><c>hwk</c>: a passkey that can't leave its device.</summary>
    HardwareKey = 2,

    /// <summary><c>swk</c>: a passkey that is synced between devices.</summary>
    SoftwareKey = 4,

    /// <summary><c>user</c>: the user was present.</summary>
    Presence = 8,

    /// <summary><c>mfa</c>: a passkey that was unlocked by a PIN or biometrics.</summary>
    MultiFactor = 16,
}

public static class AuthenticationMethodNames
{
    private static readonly (AuthenticationMethods Method, string Name)[] Names =
    [
        (AuthenticationMethods.Password, "pwd"), (AuthenticationMethods.HardwareKey, "hwk"), (AuthenticationMethods.SoftwareKey, "swk"),
        (AuthenticationMethods.Presence, "user"), (AuthenticationMethods.MultiFactor, "mfa"),
    ];

    private static readonly string[][] Lists = [.. Enumerable.Range(0, 1 << Names.Length).Select(methods =>
        Names.Where(each => ((int)each.Method & methods) != 0).Select(each => each.Name).ToArray())];

    public static IReadOnlyList<string> ToNames(this AuthenticationMethods methods) => Lists[(int)methods & (Lists.Length - 1)];

    public static string ToText(this AuthenticationMethods methods) => string.Join(',', methods.ToNames());

    /// <summary>Reads what <see cref="ToText"/> wrote.</summary>
    public static AuthenticationMethods Read(string text) => Of(text.Split(','));

    /// <summary>Ignores names that this version doesn't know.</summary>
    public static AuthenticationMethods Of(IEnumerable<string> names) => names.Aggregate(
        AuthenticationMethods.None,
        (methods, name) => methods | Array.Find(Names, each => each.Name == name).Method);
}
