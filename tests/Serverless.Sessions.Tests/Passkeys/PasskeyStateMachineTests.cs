using Microsoft.Extensions.DependencyInjection;

namespace Serverless.Sessions.Tests.Passkeys;

/// <summary>A user with a counting authenticator does random things at two instances, answers come late, twice and in another order.</summary>
public sealed class PasskeyStateMachineTests
{
    private enum StepKind
    {
        Register, Rename, Remove, Keep, SignLogin, SignStepUp, Use, LogIn, StepUp, LogOut, ChangePassword, ResetPassword, ChangeEmail, TakeBack,
        Secure, Wait, WaitDays, RunTimers, SwitchInstance,
    }

    private enum Registration { ByPassword, ByPasskey, ByPasskeyAndLink }

    [Fact]
    public void Whatever_happens_the_promises_hold() => Check(runs: 20);

    [Fact]
    [Trait("Run", "nightly")]
    public void Whatever_happens_in_many_runs_the_promises_hold() => Check(runs: 300);

    private static void Check(int runs)
    {
        var kind = Gen.Frequency(
            (4, Gen.Elements(StepKind.Register, StepKind.Remove, StepKind.Rename, StepKind.Keep)),
            (6, Gen.Elements(StepKind.SignLogin, StepKind.SignStepUp)),
            (6, Gen.Constant(StepKind.Use)),
            (6, Gen.Elements(
                StepKind.ChangePassword, StepKind.ResetPassword, StepKind.ChangeEmail, StepKind.TakeBack, StepKind.Secure, StepKind.WaitDays)),
            (5, Gen.Elements(StepKind.LogIn, StepKind.StepUp, StepKind.LogOut, StepKind.Wait, StepKind.RunTimers, StepKind.SwitchInstance)));
        var step =
            from each in kind
            from value in Gen.Choose(0, 399)
            select new Step(each, value);
        var history =
            from registration in Gen.Elements(Enum.GetValues<Registration>())
            from allowsRecovery in Gen.Elements(true, false)
            from length in Gen.Choose(0, 100)
            from steps in step.ListOf(length)
            select new History(registration, allowsRecovery, [.. steps]);
        Any.Holds(history, each => RunAsync(each).GetAwaiter().GetResult(), runs);
    }

    private static async Task RunAsync(History history)
    {
        using var run = new Run(history);
        await run.StartAsync(history.Registration);
        await run.IsAsModelledAsync();
        foreach (var step in history.Steps)
        {
            await run.ExecuteAsync(step);
            await run.IsAsModelledAsync();
        }
    }

    private sealed class Run : IDisposable
    {
        private const int MostDepartures = 16;

        private static readonly LogAction[] Recorded =
        [
            LogAction.SteppedUp, LogAction.PasskeyAdded, LogAction.PasskeyRemoved, LogAction.PasskeyCloned, LogAction.PasskeyReviewed,
            LogAction.PasswordChanged, LogAction.PasswordReset, LogAction.EmailTakenBack, LogAction.AccountSecured,
        ];

        private readonly FakeClock _clock = new();
        private readonly MailSink _mails = new();
        private readonly Service _first;
        private readonly Service _second;
        private readonly SoftwareAuthenticator _authenticator = new(Service.Origin) { Counts = true };
        private readonly List<string> _passwords = [Service.Password];
        private readonly List<Signed> _signed = [];
        private readonly PasskeyModel _model;
        private Service _service;
        private UserId _user;
        private Session? _administrator;

        public Run(History history)
        {
            var stores = InMemoryStores.Create();
            (_first, _second) = (New(), New());
            _service = _first;
            _model = new(_clock, history.AllowsRecovery) { Email = Service.NewEmail() };

            Service New() => new(
                stores, _clock, sender: _mails,
                // Neither expiries nor locks are in the way.
                sessionOptions: new() { IdleLifetime = TimeSpan.FromDays(3650), AbsoluteLifetime = TimeSpan.FromDays(3650) },
                accountOptions: new() { VerifyEmail = history.Registration == Registration.ByPasskeyAndLink },
                passkeyOptions: new()
                {
                    RelyingPartyId = Service.RelyingParty, Origins = Service.Origin, AllowPasswordRecovery = history.AllowsRecovery,
                },
                configure: services => services.AddSingleton(Options.Create(new ThrottleOptions { FailuresBeforeLock = 100_000 })));
        }

        private List<KnownSession> Living => _model.Sessions.FindAll(session => session.End is null);

        public async Task StartAsync(Registration registration)
        {
            if (registration == Registration.ByPassword)
            {
                _user = (await _service.CreateAccountAsync(_model.Email)).Id;
                _model.Password = Service.Password;
                return;
            }

            var ceremony = await _service.StartAccountWithPasskey.ExecuteAsync(_model.Email, Service.Origin, default);
            var response = PasskeyFlows.Response(ceremony, _authenticator.Create(ceremony.Options));
            var registered = await PasskeyFlows.RegisterAccountAsync(_service, response);
            if (registration == Registration.ByPasskeyAndLink)
                Assert.IsType<VerifyEmailResult.Verified>(await FollowAsync(await MailedAsync(_model.Email, MailKind.VerifyEmailWithPasskey)));
            else
                Assert.IsType<RegisterAccountWithPasskeyResult.Created>(registered);
            (_model.IsPasskeyOnly, _model.IsUnproved) = (true, registration == Registration.ByPasskey);
            var account = (await _service.Stores.Accounts.ReadAsync(_model.Email.ToAccountKey(), default)).Account!;
            _user = account.Id;
            var passkey = Assert.Single(await _service.ListPasskeys.ExecuteAsync(_user, default));
            _model.Passkeys.Add(new(_authenticator.Passkeys[^1], passkey.Id, passkey.Name, account.CreatedAt));
        }

        public void Dispose()
        {
            _first.Dispose();
            _second.Dispose();
        }

        public async Task ExecuteAsync(Step step)
        {
            var (value, living) = (step.Value, Living);
            switch (step.Kind)
            {
                case StepKind.Register when living.Count > 0:
                    await RegisterAsync(Of(living));
                    break;
                case StepKind.Rename when _model.Passkeys.Count > 0:
                    await RenameAsync(Of(_model.Passkeys), $"key {value}");
                    break;
                case StepKind.Remove when _model.Passkeys.Count > 0 && living.Count > 0:
                    var removed = Of(_model.Passkeys);
                    var result = await _service.RemovePasskey.ExecuteAsync(Of(living).Session, removed.Id, Service.Client, default);
                    Assert.Equal(_model.Remove(removed), result);
                    break;
                case StepKind.Keep when _model.Passkeys.Count > 0 && living.Count > 0:
                    var kept = await _service.KeepPasskey.ExecuteAsync(Of(living).Session, Of(_model.Passkeys).Id, Service.Client, default);
                    Assert.Equal(_model.Keep(Of(_model.Passkeys)), (kept as KeepPasskeyResult.Kept)?.IsNew);
                    break;
                case StepKind.SignLogin when _model.Passkeys.Count > 0:
                    Sign(await _service.StartPasskeyLogin.ExecuteAsync(Service.Origin, default), Of(_model.Passkeys), session: null);
                    break;
                case StepKind.SignStepUp when _model.Usable.Any() && living.Count > 0:
                    var ways = await _service.StartStepUp.ExecuteAsync(await StoredAsync(Of(living)), Service.Origin, default);
                    Assert.Equal(_model.Password is not null, ways.HasPassword);
                    Sign(ways.Passkey!, Of(_model.Passkeys), Of(living));
                    break;
                case StepKind.Use when _signed.Count > 0:
                    await UseAsync(LastOf(_signed));
                    break;
                case StepKind.LogIn:
                    await LogInAsync(Of(_passwords));
                    break;
                case StepKind.StepUp when living.Count > 0:
                    await StepUpAsync(Of(living), value % 2 == 0 && _model.Password is { } right ? right : Of(_passwords));
                    break;
                case StepKind.Secure:
                    await SecureAsync(disables: value % 2 == 0);
                    break;
                case StepKind.LogOut when living.Count > 0:
                    await _service.LogoutAsync(Of(living).Session);
                    Of(living).End = EndReason.Logout;
                    break;
                case StepKind.ChangePassword when living.Count > 0:
                    await ChangePasswordAsync(Of(living), value % 2 == 0 ? _model.Password : null);
                    break;
                case StepKind.ResetPassword:
                    await ResetPasswordAsync();
                    break;
                case StepKind.ChangeEmail when living.Count > 0 && _model.Departures.Count < MostDepartures:
                    await ChangeEmailAsync(Of(living), value % 2 == 0 ? _model.Password : null);
                    break;
                case StepKind.TakeBack when _model.Departures.Count > 0:
                    var departure = LastOf(_model.Departures);
                    var taken = await FollowAsync(departure.Token);
                    Assert.Equal(_model.TakeBack(departure), taken is VerifyEmailResult.Verified);
                    break;
                case StepKind.Wait:
                    _clock.Advance(TimeSpan.FromSeconds(value));
                    break;
                case StepKind.WaitDays:
                    _clock.Advance(TimeSpan.FromDays(value % 5));
                    break;
                case StepKind.RunTimers:
                    await _service.RaiseAlerts.ExecuteAsync(default);
                    break;
                case StepKind.SwitchInstance:
                    _service = _service == _first ? _second : _first;
                    break;
            }

            T Of<T>(List<T> these) => these[value % these.Count];
            T LastOf<T>(List<T> these) => these[^(1 + (value % Math.Min(4, these.Count)))];
        }

        public async Task IsAsModelledAsync()
        {
            Assert.Equal(
                _model.Present.Select(passkey => (passkey.Id, passkey.Name, passkey.Counter, passkey.UsedAt, passkey.IsForReview)).ToHashSet(),
                (await _service.ListPasskeys.ExecuteAsync(_user, default))
                    .Select(passkey => (passkey.Id, passkey.Name, passkey.SignatureCount, passkey.LastUsedAt, passkey.IsForReview)).ToHashSet());
            foreach (var session in _model.Sessions)
            {
                var stored = await StoredAsync(session);
                Assert.Equal(
                    (session.ProvedAt, session.IsByPasskey, session.End),
                    (stored.Authentication.At, stored.Authentication.IsByPasskey, stored.Ending?.Reason));
            }

            Assert.Equal(Living.Count, (await _service.ListSessions.ExecuteAsync(_user, default)).Count);
            var log = await _service.LogOfAsync(_user);
            Assert.All(Recorded, action => Assert.Equal(_model.Log.GetValueOrDefault(action), log.Count(entry => entry.Action == action)));
            Assert.Equal(_model.Sessions.Count, log.Count(entry => entry.Action == LogAction.Login && entry.Success));
            Assert.Equal(
                _model.Log.GetValueOrDefault(LogAction.PasskeyAdded) + _model.Log.GetValueOrDefault(LogAction.PasskeyCloned),
                (await _service.Stores.Mailbox.ReadNoticesAsync(_user, 0, 1000, default)).Count);
        }

        private async Task RegisterAsync(KnownSession session)
        {
            var ceremony = await _service.StartPasskeyRegistration.ExecuteAsync(session.Session, Service.Origin, default);
            if (_model.Present.Count() == Passkey.MaximumCount)
            {
                Assert.Null(ceremony);
                return;
            }

            var response = PasskeyFlows.Response(ceremony!, _authenticator.Create(ceremony!.Options, new() { IgnoresExcluded = true }));
            var result = await PasskeyFlows.RegisterAsync(_service, session.Session, response);
            var added = Assert.IsType<RegisterPasskeyResult.Registered>(result).Passkey;
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.RegisterAsync(_service, session.Session, response));
            _model.Register(new(_authenticator.Passkeys[^1], added.Id, added.Name, added.CreatedAt));
        }

        private async Task RenameAsync(KnownPasskey passkey, string name)
        {
            var renamed = await _service.RenamePasskey.ExecuteAsync(_user, passkey.Id, name, default);
            Assert.Equal(passkey.IsRemoved ? null : name, renamed?.Name);
            passkey.Name = name;
        }

        private void Sign(Ceremony ceremony, KnownPasskey passkey, KnownSession? session)
        {
            var response = PasskeyFlows.Response(ceremony, _authenticator.Get(ceremony.Options, new() { Passkey = passkey.Key }));
            _signed.Add(new(response, passkey, session, ceremony.ExpiresAt));
        }

        private async Task UseAsync(Signed signed)
        {
            if (signed.Session is { } session)
            {
                var proved = await _service.StepUp.ExecuteAsync(await StoredAsync(session), signed.Response, Service.Client, default);
                Assert.Equal(_model.StepUp(signed, session), proved is StepUpResult.Proved ? null : proved);
                return;
            }

            var result = await PasskeyFlows.LoginAsync(_service, signed.Response);
            if (_model.Use(signed) is { } refusal)
                PasskeyFlows.IsRefused(refusal, result);
            else
                _model.Open(Assert.IsType<StartSessionResult.Started>(result).Session, isByPasskey: true);
        }

        private async Task LogInAsync(string password)
        {
            var result = await _service.TryLoginAsync(_model.Email, password);
            if (password == _model.Password)
                _model.Open(Assert.IsType<StartSessionResult.Started>(result).Session, isByPasskey: false);
            else
                Assert.IsType<StartSessionResult.InvalidCredentials>(result);
        }

        private async Task StepUpAsync(KnownSession session, string password)
        {
            var proved = await _service.StepUp.ExecuteAsync(await StoredAsync(session), new Password(password), Service.Client, default);
            Assert.Equal(_model.StepUp(password, session), proved is StepUpResult.Proved ? null : proved);
        }

        // One that is disabled is soon enabled again, and open meanwhile to nobody.
        private async Task SecureAsync(bool disables)
        {
            _administrator ??= Session.Start(
                await _service.CreateAccountAsync(role: Roles.Admin), Service.Client, remember: false, _clock.GetUtcNow(), new());
            var (before, password) = (Living, _model.Password ?? _passwords[^1]);
            var result = await _service.SecureAccount.ExecuteAsync(_administrator, _user, disables, default);
            Assert.Equal(_model.Secure(disables), result is SecureAccountResult.Secured ? null : result);
            if (result is not SecureAccountResult.Secured)
                return;
            Assert.IsType<StartSessionResult.InvalidCredentials>(await _service.TryLoginAsync(_model.Email, password));
            foreach (var session in before)
                await StepUpAsync(session, password);
            if (disables)
                Assert.IsType<ChangeAccountResult.Changed>(
                    await _service.ChangeAccount.ExecuteAsync(_administrator, _user, AccountState.Active, null, default));
        }

        private async Task ChangePasswordAsync(KnownSession session, string? current)
        {
            var (next, isProved) = (NewPassword(), _model.IsProved(session, current));
            var result = await _service.ChangePassword.ExecuteAsync(
                await StoredAsync(session), current is null ? null : new(current), new(next), Service.Client, default);
            Assert.Equal(isProved ? new ChangePasswordResult.Changed() : new ChangePasswordResult.NotProved(), result);
            if (isProved)
                _model.ChangePassword(next, session);
        }

        private async Task ResetPasswordAsync()
        {
            var before = _mails.To(_model.Email).Count;
            await _service.RequestPasswordReset.ExecuteAsync(_model.Email.ToAccountKey(), null, default);
            await SendAsync();
            if (!_model.MayReset)
            {
                var sent = _mails.To(_model.Email).Skip(before).Select(mail => mail.Kind).ToList();
                Assert.Contains(MailKind.NoPassword, sent);
                Assert.DoesNotContain(MailKind.ResetPassword, sent);
                return;
            }

            var (next, token) = (NewPassword(), _mails.TokenOf(_model.Email, MailKind.ResetPassword));
            Assert.IsType<ResetPasswordResult.Reset>(await _service.ResetPassword.ExecuteAsync(token, new(next), Service.Client, default));
            _model.Reset(next);
        }

        private async Task ChangeEmailAsync(KnownSession session, string? password)
        {
            var (next, isProved) = (Service.NewEmail(), _model.IsProved(session, password));
            var result = await _service.ChangeEmail.ExecuteAsync(
                await StoredAsync(session), next, password is null ? null : new(password), Service.Client, () => true, default);
            Assert.Equal(isProved, result is OwnPasswordResult.Right);
            if (!isProved)
                return;
            Assert.IsType<VerifyEmailResult.Verified>(await FollowAsync(await MailedAsync(next, MailKind.ChangeEmail)));
            var at = _clock.GetUtcNow();
            _model.ChangeEmail(next, await MailedAsync(_model.Email, MailKind.EmailChanged), at);
        }

        private async Task<Session> StoredAsync(KnownSession session) => await _service.FindAsync(session.Session);

        private Task<VerifyEmailResult> FollowAsync(string token) => _service.VerifyEmail.ExecuteAsync(token, Service.Client, default);

        private async Task<string> MailedAsync(Email to, MailKind kind)
        {
            await SendAsync();
            return _mails.TokenOf(to, kind);
        }

        private async Task SendAsync()
        {
            _clock.Advance(TimeSpan.FromSeconds(70));
            await _service.SendOutbox.ExecuteAsync(default);
        }

        private string NewPassword()
        {
            _passwords.Add($"correct horse battery {_passwords.Count}");
            return _passwords[^1];
        }
    }

    private sealed record History(Registration Registration, bool AllowsRecovery, IReadOnlyList<Step> Steps)
    {
        public override string ToString() => $"{Registration}, recovery {AllowsRecovery}: {string.Join(", ", Steps)}";
    }

    private sealed record Step(StepKind Kind, int Value)
    {
        public override string ToString() => $"{Kind} {Value}";
    }
}
