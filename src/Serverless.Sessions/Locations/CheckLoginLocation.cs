namespace Serverless.Sessions.Locations;

/// <summary>Compares a login, whose user has proved who they are, with where the account was used before, and does what the settings ask
/// for. The sessions are read only if the location differs from that of the account's last login.</summary>
public sealed class CheckLoginLocation(
    ISessionStore sessions, LoginCaptcha captcha, ReportRefusedLogin reportRefused, IOptions<LocationRuleOptions> options)
{
    /// <summary>Returns the attempt with what was found, or why it opens no session.</summary>
    internal async Task<(LoginAttempt Attempt, StartSessionResult? Refusal)> ExecuteAsync(
        Account account, LoginAttempt attempt, CaptchaAnswer answer, CancellationToken cancellationToken)
    {
        if (attempt.Client.Location is not { } present)
            return (attempt, null);
        var newCountry = LocationRules.FindNewCountry(account.Places, account.LastLocation, present, attempt.At);
        LocationChange? travel = null;
        if (account.LastLocation is { } last && LocationRules.Differ(last, present))
        {
            var listed = await sessions.ListAsync(account.Id, cancellationToken);
            if (FindLatestUse(listed) is { } former)
                travel = LocationRules.FindImpossibleTravel(former, present, attempt.At, options.Value.MaximumSpeed);
            // The user was told of it by that session, and let it live.
            if (listed.Any(each => each.Stored.Session is var session && session.EndingAt(attempt.At) is null
                && session.Places.WereUsed(present.Country, attempt.At)))
            {
                newCountry = null;
            }
        }

        if (newCountry is null && travel is null)
            return (attempt, null);

        HashSet<LoginReaction> reactions = [];
        if (newCountry is not null)
            reactions.Add(options.Value.NewCountry);
        if (travel is not null)
            reactions.Add(options.Value.ImpossibleTravel);
        var found = attempt with { Findings = new(newCountry, travel, reactions.Contains(LoginReaction.FreshProof)) };
        if (reactions.Contains(LoginReaction.Refuse))
        {
            await reportRefused.ExecuteAsync(found, "location_refused", isEvent: true);
            return (found, new StartSessionResult.LocationRefused());
        }

        if (reactions.Contains(LoginReaction.Captcha) && !await captcha.IsSolvedAsync(attempt.Client, answer, cancellationToken))
        {
            // Administrators hear of the login that follows, if its user solves it.
            await reportRefused.ExecuteAsync(found, "captcha_required", isEvent: false);
            return (attempt, new StartSessionResult.CaptchaRequired());
        }

        return (found, null);
    }

    private static LocationUse? FindLatestUse(IReadOnlyList<ListedSession> listed) => (
        from session in listed.Select(each => each.Stored.Session)
        let location = session.Client.Location
        where location is not null
        select new LocationUse(location, session.LastActivityAt)).MaxBy(use => use.At);
}

/// <summary>What is found about a login: null each if nothing is. <c>ExpiresProof</c> if its session's proof counts as old.</summary>
internal sealed record LocationFindings(LocationChange? NewCountry, LocationChange? ImpossibleTravel, bool ExpiresProof)
{
    public LocationChange Change => ImpossibleTravel ?? NewCountry!;
}
