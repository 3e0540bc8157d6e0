namespace Serverless.Sessions.Ending;

/// <summary>Who requested a change: the user from a device, or an administrator, whose device the user's log omits.</summary>
public sealed record Actor
{
    private Actor()
    {
    }

    /// <summary>Null for an administrator.</summary>
    public ClientInfo? Client { get; private init; }

    /// <summary>Null for the user.</summary>
    public UserId? Administrator { get; private init; }

    public static Actor Of(ClientInfo client) => new() { Client = client };

    public static Actor Of(UserId administrator) => new() { Administrator = administrator };
}
