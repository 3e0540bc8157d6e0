namespace Serverless.Functions.Mailbox;

/// <summary>The other participant of a conversation in a request.</summary>
internal static class UserField
{
    public static Problem? Check(string? text, string field, UserId caller) =>
        text is null ? Problem.InvalidField(field, "is missing.")
        : !UserId.TryParse(text, out var user) ? Problem.InvalidField(field, "is not a user id.")
        : user == caller ? Problem.InvalidField(field, "must not be your own.")
        : null;

    public static UserId Read(string? text) => UserId.TryParse(text, out var user)
        ? user
        : throw new InvalidOperationException("The field was not checked.");
}
