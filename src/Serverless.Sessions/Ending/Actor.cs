namespace Serverless.Sessions.Ending;

/// <summary>Who requested a change: the user from a device, or an administrator, whose device the user's log omits.</summary>
public sealed record Actor(ClientInfo? Client, UserId? Administrator)
{
    public static Actor Of(ClientInfo client) => new(client, null);

    public static Actor Of(UserId administrator) => new(null, administrator);
}
