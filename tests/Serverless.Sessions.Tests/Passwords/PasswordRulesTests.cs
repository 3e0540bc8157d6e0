namespace Serverless.Sessions.Tests.Passwords;

public sealed class PasswordRulesTests
{
    private static readonly Password Good = new("correct horse battery staple");

    [Theory]
    [InlineData("short", false, "A password needs at least 12 characters.")]
    [InlineData("correct horse battery staple", false, null)]
    [InlineData("correct horse battery staple", true, "This password was leaked elsewhere, so attackers try it; choose another one.")]
    public async Task A_new_password_is_refused_for_its_length_or_because_it_was_leaked(string password, bool leaked, string? why) =>
        Assert.Equal(why, await RulesWith(() => leaked).RefuseAsync(new(password), default));

    [Fact]
    public async Task A_list_that_is_down_refuses_nobody_unless_it_is_required()
    {
        Assert.Null(await RulesWith(Down).RefuseAsync(Good, default));
        await Assert.ThrowsAsync<BreachedListUnavailableException>(() => RulesWith(Down, isRequired: true).RefuseAsync(Good, default));

        static bool Down() => throw new BreachedListUnavailableException("It is down.");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("/mounts/leaked.txt", true)]
    [InlineData("https://api.pwnedpasswords.com/range/", true)]
    [InlineData("http://127.0.0.1:8080/range", true)]
    [InlineData("http://api.pwnedpasswords.com/range/", false)]
    [InlineData("ftp://api.pwnedpasswords.com/range/", false)]
    public void A_list_is_a_safe_address_or_a_file(string list, bool good) => Assert.Equal(good, new BreachedListAttribute().IsValid(list));

    private static PasswordRules RulesWith(Func<bool> leaked, bool isRequired = false) => new(
        Options.Create(new PasswordOptions { BreachedListRequired = isRequired }), NullLogger<PasswordRules>.Instance, new List(leaked));

    private sealed class List(Func<bool> leaked) : IBreachedPasswords
    {
        public async Task<bool> ContainsAsync(Password password, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return leaked();
        }
    }
}
