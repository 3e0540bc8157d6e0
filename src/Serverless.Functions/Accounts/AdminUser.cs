namespace Serverless.Functions.Accounts;

/// <summary>Whom a route of administrators is about.</summary>
internal static class AdminUser
{
    public static UserId Read(string userId) => UserId.TryParse(userId, out var user) ? user : throw NotFound();

    public static async Task<Account> FindAsync(this FindAccount findAccount, string userId, CancellationToken cancellationToken) =>
        await findAccount.ExecuteAsync(Read(userId), cancellationToken) ?? throw NotFound();

    public static ProblemException NotFound() => new(ProblemCode.NotFound, "There is no account with this id.");
}
