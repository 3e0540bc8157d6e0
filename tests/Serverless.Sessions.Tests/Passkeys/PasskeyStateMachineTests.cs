using FsCheck;

namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>A user and their counting authenticator do random things at two instances, answers come late, twice and in another order; the model
/// is what docs/passkeys.md promises.</summary>
public sealed class PasskeyStateMachineTests
{
    [Fact]
    public void Whatever_happens_the_promises_hold() => Check(runs: 20);

    [Fact]
    [Trait("Run", "nightly")]
    public void Whatever_happens_in_many_runs_the_promises_hold() => Check(runs: 300);

    private static void Check(int runs)
    {
        var step = Gen.Frequency(
            (3, Of(StepKind.Register)),
            (2, Of(StepKind.Remove)),
            (4, Of(StepKind.SignLogin)),
            (3, Of(StepKind.SignStepUp)),
            (8, Of(StepKind.Use)),
            (1, Of(StepKind.LogOut)),
            (2, Gen.Choose(0, 400).Select(seconds => new Step(StepKind.Wait, seconds))),
            (1, Of(StepKind.SwitchInstance)));
        Any.Holds(step.ListOf(), steps => RunAsync(steps).GetAwaiter().GetResult(), runs);

        static Gen<Step> Of(StepKind kind) => Gen.Choose(0, 99).Select(which => new Step(kind, which));
    }

    private static async Task RunAsync(IEnumerable<Step> steps)
    {
        using var run = new Run();
        await run.StartAsync();
        foreach (var step in steps)
        {
            await run.ExecuteAsync(step);
            await run.IsAsModelledAsync();
        }
    }

    private sealed class Run : IDisposable
    {
        private readonly FakeClock _clock = new();
        private readonly Service _first;
        private readonly Service _second;
        private readonly SoftwareAuthenticator _authenticator = new(Service.Origin) { Counts = true };

        // All passkeys that there ever were, with the counter and time of the last use.
        private readonly List<(SoftwarePasskey Key, PasskeyId Id, uint Counter, DateTimeOffset? UsedAt, bool IsRemoved)> _passkeys = [];
        private readonly List<Signed> _signed = [];
        private readonly List<(Session Session, DateTimeOffset ProvedAt, bool IsByPasskey, bool IsOver)> _sessions = [];
        private readonly Dictionary<LogAction, int> _log = [];
        private Service _service;

        public Run()
        {
            var stores = InMemoryStores.Create();
            (_first, _second) = (new(stores, _clock), new(stores, _clock));
            _service = _first;
        }

        private DateTimeOffset Now => _clock.GetUtcNow();
        private Session First => _sessions[0].Session;

        public async Task StartAsync() => Opened((await _service.LoginAsync()).Session, isByPasskey: false);

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }

        public async Task ExecuteAsync(Step step)
        {
            switch (step.Kind)
            {
                case StepKind.Register:
                    await RegisterAsync();
                    break;
                case StepKind.Remove when _passkeys.Count > 0:
                    await RemoveAsync(step.Value % _passkeys.Count);
                    break;
                case StepKind.SignLogin when _passkeys.Count > 0:
                    Sign(await _service.StartPasskeyLogin.ExecuteAsync(Service.Origin, default), step.Value % _passkeys.Count, session: null);
                    break;
                case StepKind.SignStepUp when _passkeys.Exists(passkey => !passkey.IsRemoved):
                    var session = step.Value % _sessions.Count;
                    var ways = await _service.StartStepUp.ExecuteAsync(_sessions[session].Session, Service.Origin, default);
                    Sign(ways.Passkey!, step.Value % _passkeys.Count, session);
                    break;
                case StepKind.Use when _signed.Count > 0:
                    await UseAsync(_signed[^(1 + (step.Value % Math.Min(4, _signed.Count)))]);
                    break;
                case StepKind.LogOut when _sessions.Count > 1:
                    await LogOutAsync(1 + (step.Value % (_sessions.Count - 1)));
                    break;
                case StepKind.Wait:
                    _clock.Advance(TimeSpan.FromSeconds(step.Value));
                    break;
                case StepKind.SwitchInstance:
                    _service = _service == _first ? _second : _first;
                    break;
            }
        }

        public async Task IsAsModelledAsync()
        {
            Assert.Equal(
                _passkeys.Where(passkey => !passkey.IsRemoved).Select(passkey => (passkey.Id, passkey.Counter, passkey.UsedAt)).ToHashSet(),
                (await _service.ListPasskeys.ExecuteAsync(First.UserId, default))
                    .Select(passkey => (passkey.Id, passkey.SignatureCount, passkey.LastUsedAt)).ToHashSet());
            foreach (var (session, provedAt, isByPasskey, isOver) in _sessions)
            {
                var stored = await _service.FindAsync(session);
                Assert.Equal(
                    (provedAt, isByPasskey, isOver), (stored.Authentication.At, stored.Authentication.IsByPasskey, stored.Ending is not null));
            }

            Assert.Equal(_sessions.Count(session => !session.IsOver), (await _service.ListSessions.ExecuteAsync(First.UserId, default)).Count);
            var log = await _service.LogOfAsync(First.UserId);
            LogAction[] actions = [LogAction.SteppedUp, LogAction.PasskeyAdded, LogAction.PasskeyRemoved, LogAction.PasskeyCloned];
            Assert.All(actions, action => Assert.Equal(_log.GetValueOrDefault(action), log.Count(entry => entry.Action == action)));
            Assert.Equal(_sessions.Count, log.Count(entry => entry.Action == LogAction.Login && entry.Success));
            Assert.Equal(
                _log.GetValueOrDefault(LogAction.PasskeyAdded) + _log.GetValueOrDefault(LogAction.PasskeyCloned),
                (await _service.Stores.Mailbox.ReadNoticesAsync(First.UserId, 0, 1000, default)).Count);
        }

        private async Task RegisterAsync()
        {
            var ceremony = await _service.StartPasskeyRegistration.ExecuteAsync(First, Service.Origin, default);
            if (_passkeys.Count(passkey => !passkey.IsRemoved) == Passkey.MaximumCount)
            {
                Assert.Null(ceremony);
                return;
            }

            var credential = _authenticator.Create(ceremony!.Options, new() { IgnoresExcluded = true });
            var response = PasskeyFlows.Response(ceremony, credential);
            var added = Assert.IsType<RegisterPasskeyResult.Registered>(await PasskeyFlows.RegisterAsync(_service, First, response)).Passkey;
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.RegisterAsync(_service, First, response));
            _passkeys.Add((_authenticator.Passkeys[^1], added.Id, 0, null, false));
            Logged(LogAction.PasskeyAdded);
        }

        private async Task RemoveAsync(int at)
        {
            var passkey = _passkeys[at];
            var result = await _service.RemovePasskey.ExecuteAsync(First, passkey.Id, Service.Client, default);
            Assert.Equal(passkey.IsRemoved ? new RemovePasskeyResult.NotFound() : new RemovePasskeyResult.Removed(), result);
            if (!passkey.IsRemoved)
                Logged(LogAction.PasskeyRemoved);
            _passkeys[at] = passkey with { IsRemoved = true };
        }

        private async Task LogOutAsync(int at)
        {
            await _service.LogoutAsync(_sessions[at].Session);
            _sessions[at] = _sessions[at] with { IsOver = true };
        }

        private void Sign(Ceremony ceremony, int passkey, int? session)
        {
            var key = _passkeys[passkey].Key;
            var response = PasskeyFlows.Response(ceremony, _authenticator.Get(ceremony.Options, new() { Passkey = key }));
            _signed.Add(new(response, passkey, key.Counter, session, ceremony.ExpiresAt));
        }

        private async Task UseAsync(Signed signed)
        {
            if (signed.Session is { } at)
            {
                await StepUpAsync(signed, at);
                return;
            }

            var result = await PasskeyFlows.LoginAsync(_service, signed.Response);
            if (Refusal(signed) is { } refusal)
                PasskeyFlows.IsRefused(refusal, result);
            else
                Opened(Assert.IsType<StartSessionResult.Started>(result).Session, isByPasskey: true);
        }

        private async Task StepUpAsync(Signed signed, int at)
        {
            var session = _sessions[at];
            var result = await _service.StepUp.ExecuteAsync(session.Session, signed.Response, Service.Client, default);
            if (session.IsOver && Now < signed.ExpiresAt)
            {
                Assert.Equal(new StepUpResult.Ended(EndReason.Logout), result);
            }
            else if (Refusal(signed) is { } refusal)
            {
                Assert.Equal(new StepUpResult.Refused(refusal), result);
            }
            else
            {
                Assert.IsType<StepUpResult.Proved>(result);
                _sessions[at] = session with { ProvedAt = Now, IsByPasskey = true };
                Logged(LogAction.SteppedUp);
            }
        }

        /// <summary>Why it must be refused, or null; then it is used.</summary>
        private PasskeyRefusal? Refusal(Signed signed)
        {
            var passkey = _passkeys[signed.Passkey];
            if (Now >= signed.ExpiresAt)
                return PasskeyRefusal.CeremonyExpired;
            if (signed.IsUsed)
                return PasskeyRefusal.CeremonyUsed;
            if (passkey.IsRemoved)
                return PasskeyRefusal.Unknown;
            signed.IsUsed = true;
            if (signed.Counter <= passkey.Counter)
            {
                Logged(LogAction.PasskeyCloned);
                return PasskeyRefusal.Cloned;
            }

            _passkeys[signed.Passkey] = passkey with { Counter = signed.Counter, UsedAt = Now };
            return null;
        }

        private void Opened(Session session, bool isByPasskey) => _sessions.Add((session, Now, isByPasskey, false));
        private void Logged(LogAction action) => _log[action] = _log.GetValueOrDefault(action) + 1;

        /// <summary>What an authenticator has signed; without a session for a login.</summary>
        private sealed class Signed(PasskeyResponse response, int passkey, uint counter, int? session, DateTimeOffset expiresAt)
        {
            public PasskeyResponse Response { get; } = response;
            public int Passkey { get; } = passkey;
            public uint Counter { get; } = counter;
            public int? Session { get; } = session;
            public DateTimeOffset ExpiresAt { get; } = expiresAt;
            public bool IsUsed { get; set; }
        }
    }

    private enum StepKind { Register, Remove, SignLogin, SignStepUp, Use, LogOut, Wait, SwitchInstance }

    private sealed record Step(StepKind Kind, int Value);
}
