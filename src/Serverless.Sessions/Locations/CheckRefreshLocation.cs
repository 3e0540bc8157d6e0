namespace Serverless.Sessions.Locations;

/// <summary>Compares a refresh with the last known use of its session. A country that has changed is reported, and ends the session if the
/// settings ask for it; its user is told by the rotation.</summary>
public sealed class CheckRefreshLocation(
    RaiseSecurityEvent raise, EndSession endSession, IOptions<LocationRuleOptions> options, IOptions<TokenOptions> tokenOptions,
    TimeProvider clock)
{
    internal LocationChange? Find(RefreshToken token, ClientInfo client, DateTimeOffset now) =>
        LocationRules.FindCountryChange(token, client.Location, now, tokenOptions.Value.AccessTokenLifetime);

    /// <summary>Returns why the session is over, if it is.</summary>
    /// <param name="token">The one that is current in storage.</param>
    /// <param name="change">What was found.</param>
    /// <param name="mayEnd">False for the repetition of a refresh that is done, whose caller proved to be the same.</param>
    /// <param name="client">Where it comes from.</param>
    internal async Task<EndReason?> ReportAsync(
        RefreshToken token, LocationChange change, bool mayEnd, ClientInfo client, CancellationToken cancellationToken)
    {
        await raise.ExecuteAsync(SecurityEvent.OfCountryChange(token, change, IpAddressGroup.Of(client.IpAddress)), cancellationToken);
        if (!mayEnd || options.Value.CountryChange != RefreshReaction.EndSession)
            return null;
        // End the session even if the thief hangs up.
        var ending = await Detached.RunAsync(clock, own => endSession.ExecuteAsync(
            token.UserId, token.SessionId, EndReason.LocationChanged, Actor.Of(client), own));
        return ending switch
        {
            EndSessionResult.AlreadyEnded before => before.Reason,
            EndSessionResult.NotFound => EndReason.Unknown,
            _ => EndReason.LocationChanged,
        };
    }

    /// <summary>Tells the user, unless the account or the session is known to be used in that country,
    /// and expires the proof if the settings ask for it.</summary>
    internal Rotation Mark(Rotation rotation, Session session, LocationChange change, ClientInfo client)
    {
        var marked = options.Value.CountryChange != RefreshReaction.FreshProof ? rotation
            : rotation with { Authentication = rotation.Token.Claims.Authentication.Expire() };
        return session.Places.WereUsed(change.To, rotation.At) ? marked : marked with
        {
            Notice = new(NoticeKind.CountryChanged, rotation.At, session.Id, client),
            // A return to the previous country isn't reported either.
            Places = session.Places.With(change.From!, rotation.At).With(change.To, rotation.At),
        };
    }
}
