namespace Serverless.Sessions.Timeline;

/// <summary>What a security event is about.</summary>
public sealed record SecurityEventKind
{
    /// <summary>An address had more login attempts than anybody needs.</summary>
    public static readonly SecurityEventKind AddressFlagged = new("address_flagged");

    /// <summary>A refresh token came that had been spent before: somebody may have a copy.</summary>
    public static readonly SecurityEventKind TokenReuse = new("token_reuse");

    /// <summary>Wrong passwords locked the email of an account.</summary>
    public static readonly SecurityEventKind AccountLocked = new("account_locked");

    /// <summary>An account was logged in to from a device that it didn't know.</summary>
    public static readonly SecurityEventKind NewDevice = new("new_device");

    /// <summary>An account was logged in to from more addresses within a short time than a person has.</summary>
    public static readonly SecurityEventKind LoginBurst = new("login_burst");

    /// <summary>Logins of an account failed from more addresses within a short time than a person has.</summary>
    public static readonly SecurityEventKind FailedLoginBurst = new("failed_login_burst");

    private SecurityEventKind(string name) => Name = name;

    /// <summary>All there are.</summary>
    public static IReadOnlyList<SecurityEventKind> All { get; } =
        [AddressFlagged, TokenReuse, AccountLocked, NewDevice, LoginBurst, FailedLoginBurst];

    /// <summary>The name on the wire and in storage.</summary>
    public string Name { get; }

    /// <summary>The kind of that name; null where there is none.</summary>
    public static SecurityEventKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
