namespace Serverless.Sessions.Ending;

/// <summary>Who requested a change: the user from a device, or an administrator, whose device the user's log omits.</summary>
public sealed record Actor
{
    private Actor()
    {
    }

    /// <summary>The user's device; null for an administrator.</summary>
    public ClientInfo? Client { get; private init; }

    /// <summary>The administrator; null for the user.</summary>
    public UserId? Administrator { get; private init; }

    /// <summary>The user, from a device.</summary>
    public static Actor Of(ClientInfo client) => new() { Client = client };

    /// <summary>An administrator.</summary>
    public static Actor Of(UserId administrator) => new() { Administrator = administrator };
}
