namespace Serverless.Sessions.Accounts;

/// <summary>A page of all accounts, in no order that means anything.</summary>
/// <param name="Accounts">The accounts.</param>
/// <param name="Next">Where the next page begins; null where there is none.</param>
public sealed record AccountPage(IReadOnlyList<Account> Accounts, AccountKey? Next);
