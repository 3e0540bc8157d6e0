namespace EndToEnd.Tests.Passkeys;

/// <summary>A page in a browser with an authenticator.</summary>
public sealed class PasskeyPage(SessionClient client, SoftwareAuthenticator? authenticator = null)
{
    public const string Registration = "accounts/passkeys";
    public const string Account = "accounts/passkey";
    public const string Login = "sessions/passkey";
    public const string StepUp = "sessions/step-up";

    public SoftwareAuthenticator Authenticator { get; } = authenticator ?? new(AppSettings.PageOrigin);

    /// <summary>As the browser sends it with each request; null for none.</summary>
    public string? Origin { get; init; } = AppSettings.PageOrigin;
    public string? Address { get; init; }

    public Task<Answer> AskForAccountAsync(string email) => PostAsync($"{Account}/options", new() { ["email"] = email });

    public Task<Answer> AskAsync(string route, Answer? login = null) => PostAsync($"{route}/options", null, login);

    /// <summary>What a registration sends.</summary>
    public JsonObject Create(Answer asked, PasskeyLies? lies = null) => BodyOf(asked, Authenticator.Create(OptionsOf(asked), lies));

    /// <summary>What a login or a step-up sends.</summary>
    public JsonObject Get(Answer asked, PasskeyLies? lies = null) => BodyOf(asked, Authenticator.Get(OptionsOf(asked), lies));

    public async Task<Answer> RegisterAsync(Answer login, PasskeyLies? lies = null, string? name = null)
    {
        var body = Create((await AskAsync(Registration, login)).IsOk(), lies);
        if (name is not null)
            body["name"] = name;
        return await PostAsync(Registration, body, login);
    }

    public async Task<Answer> LoginAsync(PasskeyLies? lies = null, Action<JsonObject>? with = null)
    {
        var body = Get((await AskAsync(Login)).IsOk(), lies);
        with?.Invoke(body);
        return await PostAsync(Login, body);
    }

    public async Task<Answer> StepUpAsync(Answer login, PasskeyLies? lies = null) =>
        await PostAsync(StepUp, Get((await AskAsync(StepUp, login)).IsOk(), lies), login);

    public Task<Answer> PostAsync(string route, JsonObject? body, Answer? login = null) => client.SendAsync(
        SessionClient.WithBearer(SessionClient.Post(route, body?.ToJsonString(), Address), login?.AccessToken)
            .With("Origin", Origin).With("X-Session-Request", "1"));

    private static string OptionsOf(Answer asked) => asked.Json.GetProperty("options").GetRawText();

    private static JsonObject BodyOf(Answer asked, JsonObject credential) =>
        new() { ["state"] = asked.Json.Text("state"), ["credential"] = credential };
}
