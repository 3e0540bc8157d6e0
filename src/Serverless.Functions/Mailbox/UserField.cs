namespace Serverless.Functions.Mailbox;

/// <summary>The other participant of a conversation, as a request names one.</summary>
internal static class UserField
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    public static Problem? Check(string? text, string field, UserId caller) =>
        text is null ? Problem.InvalidField(field, "is missing.")
        : !UserId.TryParse(text, out var user) ? Problem.InvalidField(field, "is no user id.")
        : user == caller ? Problem.InvalidField(field, "is yourself.")
        : null;

    /// <summary>The user, once <see cref="Check"/> found nothing.</summary>
    public static UserId Read(string? text) => UserId.TryParse(text, out var user)
        ? user
        : throw new InvalidOperationException("The field was not checked.");
}
