using Serverless.Sessions.Login;

namespace Serverless.Functions.Tests.Accounts;

public sealed class ExportedSessionTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_proof_that_does_not_count_any_more_has_no_time(bool isExpired)
    {
        Assert.True(Email.TryParse("ann@example.org", out var email));
        var session = new Session(
            SessionId.New(), UserId.New(At), email, [], new("203.0.113.7", null), false, At, At, At.AddHours(1), At.AddHours(2), At)
        {
            Authentication = new(isExpired ? DateTimeOffset.UnixEpoch : At, AuthenticationMethods.Password),
            Places = KnownPlaces.Read("DE:20260314"),
        };
        var exported = ExportedSessionBody.Of(new(new(session, new("1")), At, At.AddMinutes(1)));
        Assert.Equal((isExpired ? null : At, At.AddMinutes(1)), (exported.AuthenticatedAt, exported.LastActiveAt));
        Assert.Equal([new KnownCountryBody("DE", "2026-03-14")], exported.Countries);
    }
}
