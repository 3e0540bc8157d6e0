using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Sessions.Settings;

namespace Serverless.Sessions.Tests.Policies;

public sealed class PolicySettingsTests
{
    [Theory]
    [InlineData("admin:IdleLifetime", "5", "Policies__admin__IdleLifetime must be a time span from 00:00:30 to 365.00:00:00, but is '5'.")]
    [InlineData("admin:MaximumSessions", "0", "Policies__admin__MaximumSessions must be a whole number from 1 to 1000, but is '0'.")]
    [InlineData("admin:AllowRemember", "no", "Policies__admin__AllowRemember must be true or false, but is 'no'.")]
    [InlineData("admin:Inactivity", "", "Policies__admin__Inactivity must be a time span from 00:00:05 to 1.00:00:00, but is empty.")]
    [InlineData("the boss:Inactivity", "00:15:00", "Policies__the boss__Inactivity must name a role, 1 to 32 of a to z, 0 to 9, dot, hyphen and "
        + "underscore, but names 'the boss'.")]
    [InlineData("admin:IdleTime", "01:00:00", "Policies__admin__IdleTime must be one of IdleLifetime, AbsoluteLifetime, Inactivity, MaximumSessions, "
        + "FreshProofAge and AllowRemember, but is none.")]
    [InlineData("admin:IdleLifetime", "00:29:59", "Policies__admin__IdleLifetime must not be below Tokens__AccessTokenLifetime, which is "
        + "00:30:00, but is 00:29:59.")]
    [InlineData("admin:AbsoluteLifetime", "00:29:59", "Policies__admin__AbsoluteLifetime must not be below Tokens__AccessTokenLifetime, which is "
        + "00:30:00, but is 00:29:59.")]
    [InlineData("admin:Inactivity", "12:00:01", "Policies__admin__Inactivity must not be above Sessions__IdleLifetime, which is "
        + "12:00:00, but is 12:00:01.")]
    public void A_wrong_policy_stops_the_start_with_a_sentence(string key, string value, string sentence) =>
        Assert.Equal([sentence], Refusals(($"Policies:{key}", value)));

    [Fact]
    public void The_items_of_a_policy_fit_together()
    {
        Assert.Equal(
            ["Policies__a__IdleLifetime must not be above Policies__a__AbsoluteLifetime, which is 01:00:00, but is 02:00:00."],
            Refusals(("Policies:a:IdleLifetime", "02:00:00"), ("Policies:a:AbsoluteLifetime", "01:00:00")));
        Assert.Equal(
            ["Policies__a__Inactivity must not be above Policies__a__IdleLifetime, which is 01:00:00, but is 02:00:00."],
            Refusals(("Policies:a:IdleLifetime", "01:00:00"), ("Policies:a:Inactivity", "02:00:00")));
        // The token of a cookie isn't rotated within the grace.
        Assert.Equal(
            ["Policies__a__Inactivity must not be below twice Sessions__Grace, which is 00:01:00, but is 00:00:59."],
            Refusals(("Policies:a:Inactivity", "00:00:59")));
        Assert.Equal(
            ["Policies__a__IdleLifetime must not be below twice Sessions__Grace, which is 00:00:40, but is 00:00:39."],
            Refusals(("Sessions:Grace", "00:00:20"), ("Tokens:AccessTokenLifetime", "00:00:30"), ("Policies:a:IdleLifetime", "00:00:39")));
        using var shortest = With(("Sessions:Grace", "00:00:10"), ("Policies:a:Inactivity", "00:00:20"));
        shortest.GetRequiredService<IStartupValidator>().Validate();
        // The strictest idle lifetime is the one that counts, wherever it is set.
        Assert.Equal(
            ["Policies__a__Inactivity must not be above Sessions__IdleLifetime, which is 01:00:00, but is 02:00:00."],
            Refusals(("Sessions:IdleLifetime", "01:00:00"), ("Policies:a:IdleLifetime", "03:00:00"), ("Policies:a:Inactivity", "02:00:00")));
        (string, string)[] remembered = [("Sessions:RememberedIdleLifetime", "01:00:00"), ("Policies:a:Inactivity", "02:00:00")];
        Assert.Equal(
            ["Policies__a__Inactivity must not be above Sessions__RememberedIdleLifetime, which is 01:00:00, but is 02:00:00."], Refusals(remembered));
        using var forgotten = With([.. remembered, ("Policies:a:AllowRemember", "false")]);
        forgotten.GetRequiredService<IStartupValidator>().Validate();
    }

    [Fact]
    public void Policies_are_read_by_role_in_any_case_and_a_role_without_one_has_none()
    {
        using var services = With(
            ("Policies:Admin:INACTIVITY", "00:15:00"), ("policies:admin:MaximumSessions", "1"), ("Policies:a.b-c_d:AllowRemember", "false"),
            ("Tokens:AccessTokenLifetime", "00:10:00"), ("Policies:admin:IdleLifetime", "00:20:00"));
        services.GetRequiredService<IStartupValidator>().Validate();
        var policies = services.GetRequiredService<SessionPolicies>();
        Assert.Equal(
            (TimeSpan.FromMinutes(15), 1, TimeSpan.FromMinutes(20), true), policies.Of(["admin"], remember: true) is var admin
                ? (admin.Inactivity!.Value, admin.MaximumSessions!.Value, admin.IdleLifetime, admin.Remembers) : default);
        Assert.False(policies.Of(["a.b-c_d"], remember: true).Remembers);
        Assert.Empty(services.GetRequiredService<UnknownSettings>().Find());
    }

    [Fact]
    public void A_mistyped_section_is_found()
    {
        using var services = With(("Policy:admin:IdleLifetime", "01:00:00"), ("Polices:admin:IdleLifetime", "01:00:00"));
        Assert.Equal([("Polices__admin__IdleLifetime", "Policies__{role}__IdleLifetime")], services.GetRequiredService<UnknownSettings>().Find());
    }

    [Theory]
    [InlineData("admim", true)]
    [InlineData("admins", true)]
    [InlineData("admin", false)]
    [InlineData("editor", false)]
    public void A_role_that_reads_nearly_like_the_one_the_service_knows_is_doubtful(string role, bool isDoubtful) =>
        Assert.Equal(isDoubtful, UnknownSettings.IsNearly(Roles.Admin)(role));

    private static IEnumerable<string> Refusals(params (string Key, string Value)[] values)
    {
        using var services = With(values);
        return Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate).Failures;
    }

    private static ServiceProvider With(params (string Key, string Value)[] values)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, (string?)value.Value))).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddSessions().BuildServiceProvider();
    }
}
