namespace EndToEnd.Tests.Telemetry;

public sealed class TelemetryTests : IAsyncLifetime
{
    private const string Traces = "v1/traces";
    private const string Metrics = "v1/metrics";

    private Azurite _azurite = null!;
    private Collector _collector = null!;

    public async Task InitializeAsync()
    {
        _azurite = await Azurite.StartAsync();
        _collector = await Collector.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _collector.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    [Fact]
    public async Task Requests_storage_sessions_and_timers_are_measured_and_nobody_is_named()
    {
        await using var app = await StartAsync();
        using var client = new SessionClient(app.BaseAddress);
        var login = (await client.LoginAsync(AppSettings.Email, AppSettings.Password, device: "Kitchen radio")).IsOk();
        await client.LoginAsync("nobody@example.com", "wrong horse battery staple");
        (await client.RefreshAsync(login.RefreshToken)).IsOk();
        (await client.StatusAsync(login.AccessToken)).IsOk();
        await client.RunTimerAsync("PurgeExpiredSessions");
        await client.LogoutAsync(login.AccessToken);

        await ComesAsync(Metrics, "serverless.sessions.logins", "started", "invalid_credentials");
        await ComesAsync(Metrics, "serverless.sessions.refreshes", "refreshed");
        await ComesAsync(Metrics, "serverless.sessions.endings", "logout");
        await ComesAsync(Metrics, "serverless.sessions.cache.lookups", "hit");
        await ComesAsync(Metrics, "http.server.request.duration", "/api/sessions/login");
        await ComesAsync(Metrics, "serverless.timers.run.duration", "PurgeExpiredSessions");
        await ComesAsync(Metrics, "db.client.operation.duration", "transaction", "Timeline");
        await ComesAsync(Metrics, "dotnet.gc.collections");
        await ComesAsync(Traces, "POST /api/sessions/login", "POST /api/sessions/refresh", "PurgeExpiredSessions", "transaction", "a-name-of-ours");
        Assert.All(_collector.Keys, key => Assert.Equal("abc", key));

        string[] people =
        [
            AppSettings.Email, "nobody@example.com", "Kitchen radio", login.SessionId,
            login.Session("ipAddress"), login.UserId,
            login.RefreshToken, login.AccessToken,
        ];
        Assert.DoesNotContain(people, text => _collector.Has(Traces, text) || _collector.Has(Metrics, text));
    }

    [Fact]
    public async Task The_trace_of_a_caller_goes_on()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        await using var app = await StartAsync();
        using var client = new SessionClient(app.BaseAddress);
        var request = SessionClient.Get("health/live");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{trace}-b7ad6b7169203331-01");
        (await client.SendAsync(request)).IsOk();
        await Eventually.TrueAsync("the caller's trace", () => Task.FromResult(_collector.Has(Traces, Convert.FromHexString(trace))));
    }

    [Fact]
    public async Task A_collector_that_is_away_is_noticed_by_nobody_who_asks()
    {
        await using var app = await StartAsync(("Telemetry__OtlpEndpoint", "http://127.0.0.1:9/"));
        using var client = new SessionClient(app.BaseAddress);
        (await client.LoginAsync(AppSettings.Email, AppSettings.Password)).IsOk();
        await app.StopAsync();
        Assert.Equal([], Overheard.FailuresIn(app.Output));
    }

    [Fact]
    public async Task The_percentage_of_traces_holds_beside_Azure_Monitor()
    {
        await using var app = await StartAsync(
            ("Telemetry__SampledPercent", "0"), ("APPLICATIONINSIGHTS_STATSBEAT_DISABLED", "true"),
            ("Telemetry__AzureMonitorConnectionString", $"InstrumentationKey={Guid.NewGuid()};IngestionEndpoint={_collector.Address}"));
        using var client = new SessionClient(app.BaseAddress);
        (await client.SendAsync(SessionClient.Get("health/live"))).IsOk();
        await ComesAsync(Metrics, "/api/health/live");
        await app.StopAsync();
        Assert.False(_collector.Has(Traces, "health/live"));
    }

    private async Task ComesAsync(string signal, params string[] texts)
    {
        foreach (var text in texts)
            await Eventually.TrueAsync($"'{text}' among {signal}", () => Task.FromResult(_collector.Has(signal, text)));
    }

    private Task<AppProcess> StartAsync(params (string Name, string Value)[] others) => AppProcess.StartAsync(port => AppSettings.For(
        _azurite.ConnectionString, port, TimeSpan.FromSeconds(30),
        [
            ("Telemetry__OtlpEndpoint", _collector.Address), ("Telemetry__OtlpHeaders", "api-key=abc"), ("Telemetry__ServiceName", "a-name-of-ours"),
            // Settings of the library itself, so that nobody waits.
            ("OTEL_METRIC_EXPORT_INTERVAL", "300"), ("OTEL_BSP_SCHEDULE_DELAY", "300"),
            .. others,
        ]));
}
