using Xunit.Sdk;

namespace Faults.Tests.Soak;

/// <summary>Somebody with a few devices who remembers what was acknowledged.</summary>
internal sealed class User
{
    private const int MostDevices = 4;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(900);

    // A device that slept for longer than a spent token is forgiven has nothing but its attempt.
    private static readonly TimeSpan Nap = SoakRun.Grace + TimeSpan.FromSeconds(1);

    private readonly Instances _instances;
    private readonly Ledger _ledger;
    private readonly Random _random;
    private readonly CancellationToken _stop;
    private readonly Caller _caller;
    private readonly List<Device> _devices;
    private readonly (int Weight, Func<bool> IsPossible, Func<Task> DoAsync)[] _actions;
    private string _password = Bench.Password;

    public User(Party party, Instances instances, Ledger ledger, int seed, CancellationToken stop)
    {
        (Party, _instances, _ledger, _random, _stop) = (party, instances, ledger, new(seed), stop);
        _caller = new(instances, ledger, _random, stop);
        _devices = [.. party.Tickets.Select(ticket => new Device(ticket.Id, ticket.AccessToken, ticket.RefreshToken))];
        _actions =
        [
            (350, IsIn, RefreshAsync),
            (80, IsIn, RefreshInTwoTabsAsync),
            (200, IsIn, AskStatusAsync),
            (150, IsIn, BeatAsync),
            (40, IsIn, ListAsync),
            (20, IsIn, ReadLogAsync),
            (60, () => _devices.Exists(device => !device.IsLive), TryEndedAsync),
            (25, () => Live.Count < MostDevices, LogInAsync),
            (12, IsIn, LogOutAsync),
            (8, HasSeveral, EndOtherAsync),
            (8, HasSeveral, EndOtherWhileItRefreshesAsync),
            (4, HasSeveral, LogOutOthersAsync),
            (4, IsIn, LogOutAllAsync),
            (5, IsIn, ChangePasswordAsync),
        ];
    }

    public Party Party { get; }

    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>Each may have opened a session that nobody has the tokens of.</summary>
    public int UnansweredLogins { get; private set; }

    /// <summary>Whether something went wrong that makes what it remembers worthless.</summary>
    public bool IsLost { get; private set; }

    private List<Device> Live => _devices.FindAll(device => device.IsLive);

    public async Task LiveAsync()
    {
        while (!_stop.IsCancellationRequested && !IsLost)
        {
            var pause = ShortestPause + ((LongestPause - ShortestPause) * _random.NextDouble());
            await Task.WhenAny(Task.Delay(pause, _stop));
            var action = IsIn() ? Choose() : LogInAsync;
            await JudgeAsync(action.Method.Name, action);
        }
    }

    public async Task JudgeAsync(string what, Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception e) when (e is XunitException or HttpRequestException or TaskCanceledException)
        {
            IsLost = true;
            _ledger.Violate($"{Party.UserId}, {what}: {e.Message}");
        }
    }

    private Func<Task> Choose()
    {
        var possible = _actions.Where(action => action.IsPossible()).ToList();
        var drawn = _random.Next(possible.Sum(action => action.Weight));
        return possible.First(action => (drawn -= action.Weight) < 0).DoAsync;
    }

    private bool IsIn() => Live.Count > 0;
    private bool HasSeveral() => Live.Count > 1;

    private Device AnyLive(Device? but = null)
    {
        var others = Live.FindAll(device => device != but);
        return others[_random.Next(others.Count)];
    }

    private Caller NewTab() => new(_instances, _ledger, new(_random.Next()), _stop);

    private async Task<Answer> GetAsync(string route, Device device) =>
        (await _caller.SendAsync(() => Requests.Get(route, device.AccessToken))).Answer.IsOk();

    private Task<Told> PostAsync(string route, Device device) =>
        _caller.SendAsync(() => Requests.Post(route, accessToken: device.AccessToken));

    // One in four clients doesn't know of attempts, and must come back in time.
    private async Task RefreshAsync()
    {
        var (device, attempt) = (AnyLive(), _random.Next(4) > 0 ? Guid.NewGuid().ToString("N") : null);
        var began = TimeProvider.System.GetTimestamp();
        var told = await _caller.SendAsync(() => Requests.Refresh(device.RefreshToken, attempt), attempt is null ? default : Nap);
        if (attempt is null && IsLate(told, began))
        {
            Late(device, "without an attempt");
            return;
        }

        device.Step(told.Answer.IsOk());
        _ledger.Count("changes acknowledged", "refresh");
    }

    private async Task RefreshInTwoTabsAsync()
    {
        var device = AnyLive();
        var token = device.RefreshToken;
        var began = TimeProvider.System.GetTimestamp();
        var tabs = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
        {
            var (tab, attempt) = (NewTab(), Guid.NewGuid().ToString("N"));
            return tab.SendAsync(() => Requests.Refresh(token, attempt));
        }));
        if (tabs.Any(tab => IsLate(tab, began)))
        {
            Late(device, "in another tab");
            return;
        }

        Assert.All(tabs, tab => tab.Answer.IsOk());
        device.Step(tabs[_random.Next(2)].Answer);
        _ledger.Count("changes acknowledged", "refresh in two tabs");
    }

    /// <summary>Whether a token counts as spent because its repetition took longer than the grace.</summary>
    private static bool IsLate(Told told, long began) =>
        TimeProvider.System.GetElapsedTime(began) >= SoakRun.Grace
        && (told.Answer.Says(401, "token_reused") || told.Answer.Says(401, "session_ended", "token_reuse"));

    private void Late(Device device, string how)
    {
        device.Step();
        device.End("token_reuse");
        _ledger.Count("refreshes later than the grace", how);
    }

    private async Task AskStatusAsync()
    {
        var device = AnyLive();
        Assert.Equal(device.Id, (await GetAsync("sessions/status", device)).SessionId);
    }

    private async Task BeatAsync() => (await PostAsync("sessions/heartbeat", AnyLive())).Answer.IsOk();

    private async Task ListAsync()
    {
        var answer = await GetAsync("sessions/my-sessions", AnyLive());
        var listed = answer.Json.Items("sessions").Select(session => session.Text("id")).ToHashSet();
        foreach (var device in _devices.Where(device => listed.Contains(device.Id) != device.IsLive))
            Assert.Fail(device.IsLive ? $"{device.Id} isn't listed." : $"{device.Id} is listed, though it ended: {device.EndReason}.");
    }

    private Task<Answer> ReadLogAsync() => GetAsync("sessions/my-session-logs", AnyLive());

    private async Task TryEndedAsync()
    {
        var ended = _devices.FindAll(device => !device.IsLive);
        var device = ended[_random.Next(ended.Count)];
        var told = await _caller.SendAsync(() => Requests.Refresh(device.RefreshToken));
        told.Answer.IsProblem(401, "session_ended", device.EndReason);
    }

    private async Task LogInAsync()
    {
        var told = await _caller.SendAsync(() => Requests.Login(Party.Email, _password));
        UnansweredLogins += told.Tries - 1;
        var answer = told.Answer.IsOk();
        _devices.Add(new(answer.SessionId, answer.AccessToken, answer.RefreshToken));
        _ledger.Count("changes acknowledged", "login");
    }

    private async Task LogOutAsync()
    {
        var device = AnyLive();
        var told = await _caller.SendAsync(_random.Next(2) == 0
            ? () => Requests.Post("sessions/logout", accessToken: device.AccessToken)
            : () => Requests.Post("sessions/logout", new() { ["refreshToken"] = device.RefreshToken }));
        if (!told.SaysAgain(401, "session_ended", "logout"))
            told.Answer.IsEmpty();
        End([device], "logout");
    }

    private async Task EndOtherAsync()
    {
        var device = AnyLive();
        await EndAsync(device, AnyLive(but: device), _caller);
    }

    private async Task EndOtherWhileItRefreshesAsync()
    {
        var device = AnyLive();
        var (by, ender, attempt) = (AnyLive(but: device), NewTab(), Guid.NewGuid().ToString("N"));
        var refreshing = _caller.SendAsync(() => Requests.Refresh(device.RefreshToken, attempt));
        await Task.WhenAll(EndAsync(device, by, ender), refreshing);
        var told = await refreshing;
        if (told.Answer.Status == 200)
        {
            device.Step(told.Answer.IsOk());
            _ledger.Count("changes acknowledged", "refresh");
            return;
        }

        told.Answer.IsProblem(401, "session_ended", "revoked");
        device.MayHaveSteppedOnceMore = true;
    }

    private async Task EndAsync(Device device, Device by, Caller caller)
    {
        (await caller.SendAsync(() => Requests.Delete($"sessions/{device.Id}", by.AccessToken))).Answer.IsEmpty();
        End([device], "revoked");
    }

    private async Task LogOutOthersAsync()
    {
        var device = AnyLive();
        (await PostAsync("sessions/logout-all?others=true", device)).Answer.IsEmpty();
        End(Live.FindAll(other => other != device), "logout_all");
    }

    private async Task LogOutAllAsync()
    {
        var (device, all) = (AnyLive(), Live);
        var told = await PostAsync("sessions/logout-all", device);
        if (!told.SaysAgain(401, "session_ended", "logout_all"))
            told.Answer.IsEmpty();
        else
            // Whose session is over already can't repeat the rest; the next login does it.
            await LogInAsync();
        End(all, "logout_all");
    }

    private async Task ChangePasswordAsync()
    {
        var (device, next) = (AnyLive(), $"horse battery staple {_devices.Sum(each => each.PasswordChanges) + 1}");
        var told = await _caller.SendAsync(() => Requests.Post(
            "accounts/password", new() { ["currentPassword"] = _password, ["newPassword"] = next }, device.AccessToken));
        // The present password of a change that is done already is the new one.
        if (!told.SaysAgain(403, "wrong_password"))
            told.Answer.IsEmpty();
        _password = next;
        device.PasswordChanges++;
        _ledger.Count("changes acknowledged", "password");
        End(Live.FindAll(other => other != device), "password_changed");
    }

    private void End(List<Device> devices, string reason)
    {
        foreach (var device in devices)
            device.End(reason);
        _ledger.Count("changes acknowledged", $"end: {reason}", devices.Count);
    }
}
