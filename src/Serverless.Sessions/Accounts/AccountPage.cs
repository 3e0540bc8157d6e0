namespace Serverless.Sessions.Accounts;

/// <summary>A page of all accounts, in no meaningful order; <c>Next</c> is null on the last page.</summary>
public sealed record AccountPage(IReadOnlyList<Account> Accounts, AccountKey? Next);
