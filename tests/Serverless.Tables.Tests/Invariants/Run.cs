namespace Serverless.Tables.Tests.Invariants;

internal sealed class Run : IDisposable
{
    private const int MostOpen = 4;
    private const int MostEntries = 20;

    private readonly FakeClock _clock = new();
    private readonly Service[] _instances;
    private readonly Dictionary<SessionId, Client> _clients = [];
    private readonly SoftwareAuthenticator _authenticator = new(Service.Origin);
    private Account _account = null!;
    private string _password = Service.Password;

    public Run(TableFixture fixture)
    {
        var prefix = TableFixture.NewPrefix();
        _instances = [NewInstance(), NewInstance()];

        Service NewInstance() => new(fixture.CreateStores(prefix: prefix), _clock, policyOptions: new()
        {
            Roles = new Dictionary<string, RolePolicy> { [SessionModel.Strict] = SessionModel.Policy },
        });
    }

    public int Steps { get; private set; }

    public async Task ExecuteAsync(IEnumerable<Step> steps)
    {
        _account = await _instances[0].CreateAccountAsync();
        foreach (var step in steps)
            await ExecuteAsync(step);
        await LetEverybodyRefreshAsync();
        await EveryRecordIsWholeAsync();
    }

    public void Dispose()
    {
        foreach (var instance in _instances)
            instance.Dispose();
    }

    private async Task ExecuteAsync(Step step)
    {
        _clock.Advance(step.Wait);
        Steps++;
        var open = Open();
        if (open.Count == 0 || (step.Acts[0].Kind == Kind.Login && open.Count < MostOpen))
        {
            await LoginAsync(step.Acts[0]);
            return;
        }

        // Whoever beats twice within half an interval is heard once; that has its own tests.
        if (step.Acts.Any(act => act.Kind == Kind.Heartbeat))
            _clock.Advance(TimeSpan.FromSeconds(5));
        var calls = step.Acts.Select(act => (act, Resolve(act, open))).ToList();
        var replies = await SendAsync(calls);
        if (step.Retry is { } retry)
        {
            _clock.Advance(retry);
            replies = await SendAsync([.. calls.Select(each => (each.act with { Instance = 1 - each.act.Instance }, each.Item2))]);
        }

        // Of two that were asked at once, the one that was answered from before the other's rotation comes first.
        foreach (var tokens in replies.Select(reply => reply.Tokens).OfType<IssuedTokens>().OrderBy(tokens => tokens.Refresh.Generation))
            await KeepAsync(tokens);
        if (step.Acts.Any(act => act.Kind == Kind.ChangePassword))
            _password = NextPassword;
    }

    private string NextPassword => _password == Service.Password ? "another horse battery staple" : Service.Password;

    private List<Client> Open() => [.. _clients.Values.Where(client => client.Models[0].OverAt(_clock.GetUtcNow()) is null)];

    private Call Resolve(Act act, List<Client> open)
    {
        var client = open[act.Which % open.Count];
        var newest = client.Tokens.Count - 1;
        return act.Kind switch
        {
            Kind.Replay => Refresh(_clients.Values.ElementAt(act.Which * 7 % _clients.Count), act.Back),
            Kind.Logout => Call.End(_account.Id, client.Session.Id, EndReason.Logout),
            Kind.Revoke => Call.End(_account.Id, client.Session.Id, EndReason.Revoked),
            Kind.LogoutAll => Call.EndAll(_account, act.Back % 2 == 0 ? client.Session.Id : null),
            Kind.ChangePassword => Call.ChangePassword(client.Session, _password, NextPassword),
            Kind.StepUp => Call.StepUp(client.Session, _password),
            Kind.StepUpByPasskey => Call.StepUp(client.Session, _authenticator),
            Kind.GiveRoles => Call.GiveRoles(_account, strict: act.Back % 2 == 0),
            Kind.Heartbeat => Call.Beat(_account.Id, client.Session.Id),
            Kind.Purge => Call.Purge(),
            _ => Refresh(client, 0),
        };

        // Up to the inactivity of the policy: then the session ends.
        Call Refresh(Client of, int back)
        {
            var tokens = of.Tokens[Math.Max(0, of.Tokens.Count - 1 - back)];
            return Call.Refresh(tokens, act.Attempt == 0 ? null : $"attempt {act.Attempt} of {tokens.Refresh.Generation}", TimeSpan.FromMinutes(6 * act.Back));
        }
    }

    private async Task LoginAsync(Act act)
    {
        var now = _clock.GetUtcNow();
        var (instance, remember) = (_instances[act.Instance], act.Back > 2);
        var isFirst = _authenticator.Passkeys.Count == 0;
        var result = act.Which == 0 && !isFirst
            ? await LoginByPasskeyAsync(instance, remember) : await instance.TryLoginAsync(_account.Email, _password, remember);
        var started = Assert.IsType<StartSessionResult.Started>(result);
        _clients.Add(started.Session.Id, new(started.Session, [started.Tokens], [SessionModel.Opened(started.Session.Id, remember, now)]));
        await CompareAsync([], new LogLine(started.Session.Id, "login", null));
        if (isFirst)
            await RegisterPasskeyAsync(instance, started.Session);
    }

    private async Task RegisterPasskeyAsync(Service instance, Session session)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        var ceremony = (await instance.StartPasskeyRegistration.ExecuteAsync(session, Service.Origin, default))!;
        var credential = JsonSerializer.SerializeToElement(_authenticator.Create(ceremony.Options));
        Assert.IsType<RegisterPasskeyResult.Registered>(await instance.RegisterPasskey.ExecuteAsync(
            session, new(ceremony.State, credential, Service.Origin), null, Service.Client, default));
        await CompareAsync([], new LogLine(session.Id, "passkey_added", null));
    }

    private async Task<StartSessionResult> LoginByPasskeyAsync(Service instance, bool remember)
    {
        var ceremony = await instance.StartPasskeyLogin.ExecuteAsync(Service.Origin, default);
        var credential = JsonSerializer.SerializeToElement(_authenticator.Get(ceremony.Options));
        return await instance.LogInWithPasskey.ExecuteAsync(
            new(new(ceremony.State, credential, Service.Origin), remember), Service.Client, _ => true, default);
    }

    private async Task<Reply[]> SendAsync(List<(Act Act, Call Call)> calls)
    {
        var replies = await Task.WhenAll(calls.Select(each => Task.Run(() => each.Call.Send(_instances[each.Act.Instance]))));
        foreach (var ((act, call), reply) in calls.Zip(replies))
        {
            if (call.Subject is null)
                Assert.Equal("", reply.Text);
            if (act.Kind != Kind.Replay)
                Assert.True(reply.Text != "reused", "An honest client was taken for a thief.");
        }

        await CompareAsync([.. calls.Select(each => each.Call).Zip(replies)]);
        return replies;
    }

    private async Task CompareAsync(IReadOnlyList<(Call Call, Reply Reply)> calls, params LogLine[] others)
    {
        var now = _clock.GetUtcNow();
        var stores = _instances[0].Stores;
        var listing = stores.Sessions.ListAsync(_account.Id, default);
        var page = await stores.Log.ReadAsync(LogOwner.Of(_account.Id), null, MostEntries, default);
        var stored = (await listing).ToDictionary(each => each.Stored.Session.Id, Text);
        var entries = page.Entries.Where(entry => entry.At == now)
            .Select(entry => new LogLine(entry.SessionId, entry.Action.Name, entry.Error)).ToList();
        foreach (var expected in others)
            Assert.True(entries.Remove(expected), $"{expected} isn't in the log.");

        Assert.Empty(stored.Keys.Except(_clients.Keys));
        Assert.DoesNotContain(entries, entry => entry.Session is not { } id || !_clients.ContainsKey(id));
        foreach (var (id, client) in _clients)
        {
            var seen = new Seen(id, calls, stored.GetValueOrDefault(id, "none"), [.. entries.Where(entry => entry.Session == id)]);
            var models = Explanation.Find(client.Models, now, seen);
            Assert.True(models.Count > 0, $"{seen}\nbefore that it was\n  {string.Join("\n  ", client.Models)}\nand no order explains it.");
            client.Models = models;
        }
    }

    // Whoever got tokens can use them: the access token at the other instance, the refresh token in a later step.
    private async Task KeepAsync(IssuedTokens tokens)
    {
        var client = _clients[tokens.Refresh.SessionId];
        if (tokens.Refresh.Generation >= client.Tokens.Count)
            client.Tokens.Add(tokens);
        else
            client.Tokens[tokens.Refresh.Generation] = tokens;
        Assert.Equal(tokens.Refresh.Generation, client.Tokens.Count - 1);
        var (_, access) = await _instances[1].AccessTokens.ReadAsync(tokens.AccessText, default);
        Assert.Equal((client.Session.Id, tokens.Refresh.Number), (access?.SessionId, access?.Number));
    }

    private async Task LetEverybodyRefreshAsync()
    {
        _clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var client in Open())
        {
            var call = Call.Refresh(client.Tokens[^1], null);
            var replies = await SendAsync([(new(Kind.Refresh, 0, 0, 0, 0), call)]);
            // A stricter role may have ended it.
            if (replies[0].Text != $"over: {EndReason.ExpiredAbsolute}")
            {
                Assert.StartsWith("refreshed", replies[0].Text, StringComparison.Ordinal);
                Assert.Equal(client.Models[0].AuthenticatedAt, replies[0].Tokens!.Refresh.Claims.Authentication.At);
            }

            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private async Task EveryRecordIsWholeAsync()
    {
        foreach (var id in _clients.Keys)
        {
            var report = await _instances[1].AuditSession.ExecuteAsync(_account.Id, id, default);
            Assert.Equal(new(Break: null), report!.Verdict);
        }
    }

    private static string Text(ListedSession listed)
    {
        var session = listed.Stored.Session;
        return SessionModel.Text(
            session.Generation, session.Number, session.Authentication.At, session.LastActivityAt, session.ExpiresAt, session.ExpiryReason,
            session.AbsoluteExpiresAt, session.Roles.Contains(SessionModel.Strict), session.Attempt, session.Ending, listed.LastSeenAt);
    }

    private sealed class Client(Session session, List<IssuedTokens> tokens, List<SessionModel> models)
    {
        public Session Session { get; } = session;
        public List<IssuedTokens> Tokens { get; } = tokens;

        /// <summary>More than one where a race may have gone two ways that storage doesn't show.</summary>
        public List<SessionModel> Models { get; set; } = models;
    }
}
