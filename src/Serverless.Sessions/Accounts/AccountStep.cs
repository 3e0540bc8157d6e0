namespace Serverless.Sessions.Accounts;

/// <summary>A change of an account: its next state, the follow-up, and what is written in its transaction.</summary>
public sealed record AccountStep(Account Changed, AccountChange Change, AccountWrites? Along = null);

/// <summary>An account after its change, with how many sessions that ended.</summary>
public sealed record ChangedAccount(Account Account, int SessionsEnded);
