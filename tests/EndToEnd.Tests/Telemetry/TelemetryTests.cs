namespace EndToEnd.Tests.Telemetry;

public sealed class TelemetryTests(TelemetryTests.MeasuredApp measured) : IClassFixture<TelemetryTests.MeasuredApp>
{
    private const string Traces = "v1/traces";
    private const string Metrics = "v1/metrics";

    private SessionClient Client => measured.App.Client;

    [Fact]
    public async Task Requests_storage_sessions_and_timers_are_measured_and_nobody_is_named()
    {
        var login = (await Client.LoginAsync(AppSettings.Email, AppSettings.Password, device: "Kitchen radio")).IsOk();
        await Client.LoginAsync("nobody@example.com", "wrong horse battery staple");
        (await Client.RefreshAsync(login.RefreshToken)).IsOk();
        (await Client.StatusAsync(login.AccessToken)).IsOk();
        await Client.RunTimerAsync("PurgeExpiredSessions");
        await Client.LogoutAsync(login.AccessToken);

        await ComesAsync(Metrics, "serverless.sessions.logins", "started", "invalid_credentials");
        await ComesAsync(Metrics, "serverless.sessions.refreshes", "refreshed");
        await ComesAsync(Metrics, "serverless.sessions.endings", "logout");
        await ComesAsync(Metrics, "serverless.sessions.cache.lookups", "hit");
        await ComesAsync(Metrics, "http.server.request.duration", "/api/sessions/login");
        await ComesAsync(Metrics, "serverless.timers.run.duration", "PurgeExpiredSessions");
        await ComesAsync(Metrics, "db.client.operation.duration", "transaction", "Timeline");
        await ComesAsync(Metrics, "dotnet.gc.collections");
        await ComesAsync(Traces, "POST /api/sessions/login", "POST /api/sessions/refresh", "PurgeExpiredSessions", "transaction", "a-name-of-ours");
        Assert.All(measured.Collector.Keys, key => Assert.Equal("abc", key));

        string[] people =
        [
            AppSettings.Email, "nobody@example.com", "Kitchen radio", login.Session("ipAddress"),
            login.SessionId, login.UserId, login.RefreshToken, login.AccessToken,
        ];
        Assert.DoesNotContain(people, text => measured.Collector.Has(Traces, text) || measured.Collector.Has(Metrics, text));
    }

    [Fact]
    public async Task The_trace_of_a_caller_goes_on()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        (await Client.SendAsync(SessionClient.Get("health/live").With("traceparent", $"00-{trace}-b7ad6b7169203331-01"))).IsOk();
        await Eventually.TrueAsync("the caller's trace", () => measured.Collector.Has(Traces, Convert.FromHexString(trace)));
    }

    [Fact]
    [Trait("Run", "nightly")]
    public async Task A_collector_that_is_away_is_noticed_by_nobody_who_asks()
    {
        await using var app = await OwnApp.StartAsync(
            [.. MeasuredApp.Settings, ("Telemetry__OtlpEndpoint", "http://127.0.0.1:9/")]);
        (await app.Client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();
        await app.Process.StopAsync();
        Assert.Equal([], Overheard.FailuresIn(app.Process.Output));
    }

    [Fact]
    [Trait("Run", "nightly")]
    public async Task The_percentage_of_traces_holds_beside_Azure_Monitor()
    {
        await using var collector = await Collector.StartAsync();
        await using var app = await OwnApp.StartAsync(
        [
            .. MeasuredApp.Settings, ("Telemetry__OtlpEndpoint", collector.Address),
            ("Telemetry__SampledPercent", "0"), ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"),
            ("Telemetry__AzureMonitorConnectionString", $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={collector.Address}"),
        ]);
        (await app.Client.SendAsync(SessionClient.Get("health/live"))).IsOk();
        await Eventually.TrueAsync("the request's metric", () => collector.Has(Metrics, "/api/health/live"));
        await app.Process.StopAsync();
        Assert.False(collector.Has(Traces, "health/live"));
    }

    private async Task ComesAsync(string signal, params string[] texts)
    {
        foreach (var text in texts)
            await Eventually.TrueAsync($"'{text}' among {signal}", () => measured.Collector.Has(signal, text));
    }

    public sealed class MeasuredApp : IAsyncLifetime
    {
        internal static readonly (string Name, string Value)[] Settings =
        [
            ("Telemetry__OtlpHeaders", "api-key=abc"), ("Telemetry__ServiceName", "a-name-of-ours"),
            // Settings of the library itself, so that nobody waits.
            ("OTEL_METRIC_EXPORT_INTERVAL", "300"), ("OTEL_BSP_SCHEDULE_DELAY", "300"),
        ];

        internal Collector Collector { get; private set; } = null!;
        public OwnApp App { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Collector = await Collector.StartAsync();
            App = await OwnApp.StartAsync([.. Settings, ("Telemetry__OtlpEndpoint", Collector.Address)]);
        }

        public async Task DisposeAsync()
        {
            await App.DisposeAsync();
            await Collector.DisposeAsync();
        }
    }
}
