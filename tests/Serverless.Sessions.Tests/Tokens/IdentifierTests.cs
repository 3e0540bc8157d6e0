namespace Serverless.Sessions.Tests.Tokens;

public sealed class IdentifierTests
{
    [Fact]
    public void Identifiers_read_back_from_their_text() => Any.Holds(Any.Time, time =>
    {
        var (user, session, key) = (UserId.New(time), SessionId.New(), KeyId.New());
        Assert.True(UserId.TryParse(user.ToString(), out var readUser));
        Assert.True(SessionId.TryParse(session.ToString(), out var readSession));
        Assert.True(KeyId.TryParse(key.ToString(), out var readKey));
        Assert.Equal((user, session, key), (readUser, readSession, readKey));
    });

    [Fact]
    public void An_identifier_has_one_spelling()
    {
        Assert.False(SessionId.TryParse("743A22C11C0ACC38AC3C1BB79EB7902A", out _));
        Assert.False(UserId.TryParse("0A01M7Y5M3K9P8GH2XP3KPKWNRV8", out _));
        Assert.False(UserId.TryParse("0001m7y5m3k9p8gh2xp3kpkwnrv8", out _));
        Assert.False(KeyId.TryParse("35744 8dbcde0b9b", out _));
    }

    [Fact]
    public void Later_ulids_sort_later_as_text() => Any.Holds(Any.Time, time =>
        Assert.True(string.CompareOrdinal(Ulid.New(time).ToString(), Ulid.New(time.AddMilliseconds(1)).ToString()) < 0));

    [Theory]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAV", true)]
    [InlineData("76EZ91ZPZZZZZZZZZZZZZZZZZZ", true)]
    [InlineData("76EZ91ZQ000000000000000000", false)]
    [InlineData("7ZZZZZZZZZZZZZZZZZZZZZZZZZ", false)]
    [InlineData("80000000000000000000000000", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FA", false)]
    [InlineData("01ARZ3NDEKTSV4RRFFQ69G5FAU", false)]
    [InlineData("", false)]
    public void A_ulid_is_read_by_its_specification_up_to_the_latest_time(string text, bool good)
    {
        Assert.Equal(good, Ulid.TryParse(text, out var ulid));
        if (good)
            Assert.Equal((text, true), (ulid.ToString(), ulid.Time <= DateTimeOffset.MaxValue));
    }
}
