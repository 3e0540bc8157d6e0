namespace Serverless.Sessions.Locations;

/// <summary>Reports a refresh whose country has changed, before its rotation, and ends the session if the settings ask for it.</summary>
public sealed class CheckRefreshLocation(
    RaiseSecurityEvent raise, EndSession endSession, PushAlerts pushAlerts, IOptions<LocationRuleOptions> options,
    IOptions<TokenOptions> tokenOptions, TimeProvider clock)
{
    internal LocationChange? Find(RefreshToken token, ClientInfo client, DateTimeOffset now) =>
        LocationRules.FindCountryChange(token, client.Location, now, tokenOptions.Value.AccessTokenLifetime);

    /// <summary>Returns why the session is over, if it is.</summary>
    internal async Task<EndReason?> ReportAsync(
        RefreshToken token, LocationChange change, ClientInfo client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Once for a token, however often it is sent.
        if (await raise.ExecuteAsync(SecurityEvent.OfCountryChange(token, change, IpAddressGroup.Of(client.IpAddress)), cancellationToken))
            await pushAlerts.ScheduleAsync(AlertOf(token, now), cancellationToken);
        if (options.Value.CountryChange != RefreshReaction.EndSession)
            return null;
        // End the session even if the thief hangs up.
        var ending = await Detached.RunAsync(clock, own => endSession.ExecuteAsync(
            token.UserId, token.SessionId, EndReason.LocationChanged, Actor.Of(client), own));
        Post(token, now);
        return ending switch
        {
            EndSessionResult.AlreadyEnded before => before.Reason,
            EndSessionResult.NotFound => EndReason.Unknown,
            _ => EndReason.LocationChanged,
        };
    }

    /// <summary>Call it once the token is rotated.</summary>
    internal void Post(RefreshToken token, DateTimeOffset now) => pushAlerts.Post(AlertOf(token, now));

    internal Rotation Mark(Rotation rotation, ClientInfo client) => rotation with
    {
        Notice = new(NoticeKind.CountryChanged, rotation.At, rotation.Token.SessionId, client),
        Authentication = options.Value.CountryChange == RefreshReaction.FreshProof ? rotation.Token.Claims.Authentication.Expire() : null,
    };

    // The same for each try of a refresh.
    private static Alert AlertOf(RefreshToken token, DateTimeOffset now) =>
        new(AlertKind.CountryChanged, token.UserId, token.SessionId, now, SecurityEvent.IdOfCountryChange(token));
}
