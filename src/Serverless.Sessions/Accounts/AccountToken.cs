namespace Serverless.Sessions.Accounts;

/// <summary>What a link in a mail is good for, once. <c>Verify</c> is one of: a registration (<c>Registration</c>, the hash of its
/// password, and no account yet); the address of an account (<c>User</c>); a change of email to <c>Address</c> (<c>User</c>, and
/// <c>From</c>, the account's key); at the former address, taking that change back (the same). Without a user and a registration
/// no mail carries it: it is written for an address without an account, so that nobody can tell. <c>Key</c> signs it.</summary>
public sealed record AccountToken(
    TokenPurpose Purpose, Guid Id, DateTimeOffset ExpiresAt, KeyId Key, UserId? User = null, PasswordHash? Registration = null,
    string? Address = null, AccountKey? From = null, string? Language = null, RowVersion? Version = null);

public enum TokenPurpose
{
    Verify,
    Reset,
}
