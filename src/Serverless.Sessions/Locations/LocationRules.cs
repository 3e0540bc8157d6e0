namespace Serverless.Sessions.Locations;

/// <summary>What the locations of an account's uses say. Pure; docs/locations.md has the reasons and how often each is wrong.</summary>
public static class LocationRules
{
    /// <summary>In kilometers. Less isn't a journey: providers place a phone as far from where it is.</summary>
    public const double ShortestJourney = 300;

    /// <summary>A login from a country that no login of the account came from for long. The country of the last one is never new, since
    /// the refreshes of a remembered session leave no day behind.</summary>
    public static LocationChange? FindNewCountry(KnownPlaces places, Location? last, Location present, DateTimeOffset now) =>
        places.IsEmpty || last?.Country == present.Country || places.WereUsed(present.Country, now)
            ? null : new(last?.Country, present.Country, present.DistanceTo(last ?? present));

    /// <summary>Whether a login is to be compared with the latest use of its account.</summary>
    public static bool Differ(Location one, Location other) =>
        one.Country != other.Country || one.DistanceTo(other) >= ShortestJourney;

    /// <summary>Two uses farther apart than anyone travels in the time between. Without coordinates only
    /// countries without a common border count, within the time that the shortest journey takes.</summary>
    /// <param name="former">The latest use before.</param>
    /// <param name="present">Where the login comes from.</param>
    /// <param name="now">The time of the login.</param>
    /// <param name="maximumSpeed">In kilometers per hour.</param>
    public static LocationChange? FindImpossibleTravel(LocationUse former, Location present, DateTimeOffset now, int maximumSpeed)
    {
        // Another instance's clock may be ahead.
        var elapsed = now > former.At ? now - former.At : TimeSpan.Zero;
        var distance = former.Location.DistanceTo(present);
        var isImpossible = distance is { } kilometers
            ? kilometers >= ShortestJourney && kilometers > maximumSpeed * elapsed.TotalHours
            : former.Location.Country != present.Country && !LandBorders.Share(former.Location.Country, present.Country)
                && ShortestJourney > maximumSpeed * elapsed.TotalHours;
        return isImpossible ? new(former.Location.Country, present.Country, distance, elapsed) : null;
    }

    /// <summary>A refresh from another country than the last known use of its session, within the life of an access token.</summary>
    public static LocationChange? FindCountryChange(
        RefreshToken token, Location? present, DateTimeOffset now, TimeSpan accessTokenLifetime) =>
        token.Country is { } from && present is not null && present.Country != from && now - token.LocatedAt < accessTokenLifetime
            ? new(from, present.Country, Elapsed: now > token.LocatedAt ? now - token.LocatedAt : TimeSpan.Zero) : null;
}

/// <summary>A use of an account and where it came from.</summary>
public sealed record LocationUse(Location Location, DateTimeOffset At);

/// <summary>The countries that a finding is about; <c>From</c> is null if it isn't known. <c>Kilometers</c> needs the coordinates of
/// both, <c>Elapsed</c> is the time between two uses.</summary>
public sealed record LocationChange(string? From, string To, double? Kilometers = null, TimeSpan? Elapsed = null);

public sealed class LocationRuleOptions
{
    [Setting("the fastest that a user travels, in kilometers per hour: a login that is farther from the last use is an impossible travel",
        "users fly faster than airliners, or you want to hear of less")]
    [Range(100, 10_000)]
    public int MaximumSpeed { get; set; } = 1000;

    [Setting("what a login from a country that the account hasn't used in 90 days leads to, besides a security event and a notice: "
        + "nothing more (Report), a captcha, a session whose user has to prove who they are before anything sensitive (FreshProof), "
        + "or no session (Refuse)",
        "few users travel, or accounts are worth an attack")]
    [EnumDataType(typeof(LoginReaction))]
    public LoginReaction NewCountry { get; set; }

    [Setting("the same for a login that is farther from the last use than anyone travels",
        "accounts are worth an attack, and few users have a VPN")]
    [EnumDataType(typeof(LoginReaction))]
    public LoginReaction ImpossibleTravel { get; set; }

    [Setting("what a refresh from another country within the access token's lifetime leads to: besides a security event and a notice "
        + "nothing more (Report), a session whose user has to prove who they are before anything sensitive (FreshProof), "
        + "or its end (EndSession)",
        "accounts are worth an attack, and few users have a VPN")]
    [EnumDataType(typeof(RefreshReaction))]
    public RefreshReaction CountryChange { get; set; }
}

public enum LoginReaction
{
    Report,
    Captcha,
    FreshProof,
    Refuse,
}

public enum RefreshReaction
{
    Report,
    FreshProof,
    EndSession,
}
