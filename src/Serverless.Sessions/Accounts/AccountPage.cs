namespace Serverless.Sessions.Accounts;

/// <summary>A page of all accounts, in no meaningful order.</summary>
/// <param name="Next">Where the next page begins; null on the last page.</param>
public sealed record AccountPage(IReadOnlyList<Account> Accounts, AccountKey? Next);
