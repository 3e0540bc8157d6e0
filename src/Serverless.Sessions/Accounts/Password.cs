namespace Serverless.Sessions.Accounts;

/// <summary>A password as somebody typed it. It can't be logged by accident.</summary>
public readonly record struct Password(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "[password]";
}

/// <summary>A password's stored hash, in the format of ASP.NET Core Identity. It can't be logged by accident.</summary>
public readonly record struct PasswordHash(string Text)
{
    /// <inheritdoc/>
    public override string ToString() => "[password hash]";
}
