namespace EndToEnd.Tests.WrongInput;

[Collection(nameof(App))]
public sealed class MetacharacterTests(App app)
{
    public static TheoryData<string> Emails { get; } =
    [
        "o'neill@example.com", "'@example.com", "a'or'1'='1@example.com", "a'--@example.com", "a/b#c?d%25@example.com",
        "$filter@example.com", "{0}@example.com", "*@example.com", "\U0001F600@example.com", "stra\u00DFe\u0301@example.com",
    ];

    public static TheoryData<int> Texts { get; } = [.. Enumerable.Range(0, Metacharacters.All.Length)];

    [Theory]
    [MemberData(nameof(Emails))]
    public async Task An_email_with_metacharacters_is_as_unknown_as_any_other(string email)
    {
        var unknown = email.Replace("@", $"{Guid.NewGuid():N}@", StringComparison.Ordinal);
        (await app.Client.LoginAsync(unknown, app.Password)).IsProblem(401, "invalid_credentials");
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Metacharacters_are_text_in_every_other_field(int index)
    {
        var text = Metacharacters.All[index];
        (await app.Client.LoginAsync(App.NewEmail(), text, device: text, from: text, userAgent: text))
            .IsProblem(401, "invalid_credentials");

        var login = (await app.Client.LoginAsync(app.Email, app.Password, device: text, from: text, userAgent: text)).IsOk();
        var status = (await app.Client.StatusAsync(login.AccessToken)).IsOk();
        var attempt = text.PadRight(8, '\'');
        (await app.Client.RefreshAsync(login.RefreshToken, attempt)).IsOk();
        (await app.Client.RefreshAsync(login.RefreshToken, attempt)).IsOk();

        // The last but one has nothing that anybody could see.
        Assert.Equal(text.Contains('\u202e', StringComparison.Ordinal) ? null : text.Normalize(), login.Session("device"));
        Assert.Equal(login.Session("device"), status.Session("device"));
        Assert.Equal(login.Session("userAgent"), status.Session("userAgent"));
        Assert.Equal(login.Session("device"), status.Session("userAgent"));
        Assert.Equal(1, await app.Tables.GenerationAsync(login));
        if (App.IsOwn)
            Assert.Equal("unknown", status.Session("ipAddress"));
    }

    [Fact]
    public async Task A_user_agent_is_kept_to_its_first_256_characters()
    {
        var login = (await app.Client.LoginAsync(app.Email, app.Password, userAgent: new string('u', 5_000))).IsOk();
        Assert.Equal(new string('u', 256), login.Session("userAgent"));
    }
}
