namespace Serverless.Sessions.Tests.Passkeys;

public sealed class PasskeyRegistrationTests
{
    [Fact]
    public async Task A_passkey_is_listed_as_it_was_registered_and_its_user_is_told()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var passkey = Assert.IsType<RegisterPasskeyResult.Registered>(await flows.RegisterAsync(session, name: " My\u200b laptop ")).Passkey;
        var known = Assert.Single(flows.Authenticator.Passkeys);
        Assert.Equal(("My laptop", "Google Password Manager"), (passkey.Name, passkey.Provider));
        Assert.Equal(known.Id, passkey.CredentialId.ToArray());
        Assert.Equal(known.PublicKey, passkey.PublicKey.ToArray());
        Assert.Equal(["internal", "hybrid"], await TransportsAsync(flows, session));
        Assert.Single(await flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default), each => each.Id == passkey.Id);

        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyAdded && entry.SessionId == session.Id);
        Assert.Single(
            await flows.Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 100, default), notice => notice.Notice.Kind == NoticeKind.PasskeyAdded);
        await flows.SendAsync();
        Assert.Single(flows.Mails.To(session.Email), mail => mail.Kind == MailKind.PasskeyAdded);
    }

    [Theory]
    [InlineData(nameof(IPasskeyStore.TryAddAsync), true)]
    [InlineData(nameof(IPasskeyStore.TryAddAsync), false)]
    [InlineData(nameof(IAccountStore.TryWriteAsync), true)]
    public async Task A_caller_who_hangs_up_adds_no_passkey_without_the_notice_and_the_mail(string call, bool isBefore)
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var response = await flows.CreateAsync(session);
        using var hungUp = new CancellationTokenSource();
        var hangUp = Intercepted.Once(call, hungUp.CancelAsync);
        using var service = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, isBefore ? hangUp : null, isBefore ? null : hangUp),
            Accounts = Intercepted.Around(flows.Stores.Accounts, hangUp),
        });
        Assert.IsType<RegisterPasskeyResult.Registered>(
            await service.RegisterPasskey.ExecuteAsync(session, response, null, Service.Client, hungUp.Token));
        Assert.True(hungUp.IsCancellationRequested);

        Assert.Single(await ListAsync(flows, session));
        Assert.Single(
            await flows.Stores.Mailbox.ReadNoticesAsync(session.UserId, 0, 100, default), notice => notice.Notice.Kind == NoticeKind.PasskeyAdded);
        await flows.SendAsync();
        Assert.Single(flows.Mails.To(session.Email), mail => mail.Kind == MailKind.PasskeyAdded);
    }

    [Fact]
    public async Task Without_a_mail_server_no_mail_waits()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        using var mailless = new Service(flows.Stores, flows.Service.Clock);
        Assert.IsType<RegisterPasskeyResult.Registered>(await PasskeyFlows.RegisterAsync(mailless, session, await flows.CreateAsync(session)));
        await flows.SendAsync();
        Assert.Empty(flows.Mails.To(session.Email));
    }

    [Fact]
    public async Task A_name_comes_from_the_user_or_the_provider_or_the_device()
    {
        using var flows = new PasskeyFlows { Authenticator = new(Service.Origin) { Aaguid = Guid.Empty } };
        var session = await flows.NewSessionAsync();
        Assert.Equal(Service.Client.Device, (await flows.AddAsync(session)).Name);
        var renamed = await flows.Service.RenamePasskey.ExecuteAsync(session.UserId, (await ListAsync(flows, session))[0].Id, new('x', 99), default);
        Assert.Equal(new string('x', Passkey.MaximumNameLength), renamed!.Name);
        Assert.Equal(renamed.Name, (await ListAsync(flows, session))[0].Name);
        Assert.Null(await flows.Service.RenamePasskey.ExecuteAsync(session.UserId, default, "y", default));
        await flows.LoginAsync();
    }

    [Fact]
    public async Task However_often_a_change_is_tried_the_log_is_filed_once_for_its_removal()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var filed = 0;
        using var busy = flows.Beside(flows.Stores with
        {
            Passkeys = Intercepted.Around(flows.Stores.Passkeys, Intercepted.Once(
                nameof(IPasskeyStore.TryRemoveAsync), () => flows.Service.RenamePasskey.ExecuteAsync(session.UserId, passkey.Id, "another", default))),
            Retention = Intercepted.Around(flows.Stores.Retention, Intercepted.At(nameof(IRetentionStore.ScheduleAsync), () => filed++)),
        });
        Assert.Equal(new RemovePasskeyResult.Removed(), await busy.RemovePasskey.ExecuteAsync(session, passkey.Id, Service.Client, default));
        Assert.Equal(1, filed);
    }

    [Fact]
    public async Task A_lie_is_refused_by_its_name()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var known = await flows.AddAsync(session);
        var offCurve = SoftwarePasskey.CoseKey(2, PasskeyAlgorithm.ES256, (-1, 1), (-2, new byte[32]), (-3, new byte[32]));
        (PasskeyLies Lies, PasskeyRefusal Refusal)[] cases =
        [
            (new() { Origin = "https://app.example.com.evil.org" }, PasskeyRefusal.WrongOrigin),
            (new() { IsEmbedded = true }, PasskeyRefusal.WrongOrigin),
            (new() { RelyingPartyId = "app.example.com" }, PasskeyRefusal.WrongRelyingParty),
            (new() { Challenge = Base64Url.EncodeToString(new byte[32]) }, PasskeyRefusal.Invalid),
            (new() { Type = "webauthn.get" }, PasskeyRefusal.Invalid),
            (new() { UserIsAbsent = true }, PasskeyRefusal.Invalid),
            (new() { HasStatement = true }, PasskeyRefusal.Invalid),
            (new() { Algorithm = PasskeyAlgorithm.ES384 }, PasskeyRefusal.Unsupported),
            (new() { PublicKey = offCurve }, PasskeyRefusal.Invalid),
            (new() { PublicKey = SoftwarePasskey.CoseKey(2, PasskeyAlgorithm.ES256, (-1, 1), (-2, new byte[31]), (-3, new byte[32])) }, PasskeyRefusal.Invalid),
            (new() { PublicKey = SoftwarePasskey.CoseKey(1, PasskeyAlgorithm.EdDSA, (-1, 6), (-2, new byte[33])) }, PasskeyRefusal.Invalid),
            (new() { PublicKey = SoftwarePasskey.CoseKey(3, PasskeyAlgorithm.RS256, (-1, new byte[64]), (-2, new byte[] { 1, 0, 1 })) }, PasskeyRefusal.Invalid),
            (new() { PublicKey = SoftwarePasskey.CoseKey(3, PasskeyAlgorithm.RS256, (-1, new byte[256]), (-2, new byte[] { 1 })) }, PasskeyRefusal.Invalid),
            (new() { CredentialId = new byte[1024] }, PasskeyRefusal.Invalid),
            (new() { CredentialId = known.CredentialId.ToArray() }, PasskeyRefusal.Exists),
            .. new[] { "packed", "tpm", "android-key", "android-safetynet", "fido-u2f", "apple", "apple-appattest", "another" }
                .Select(format => (new PasskeyLies { Format = format, HasStatement = true }, PasskeyRefusal.Unsupported)),
        ];
        foreach (var (lies, refusal) in cases)
            PasskeyFlows.IsRefused(refusal, await flows.RegisterAsync(session, lies));
        Assert.Single(await ListAsync(flows, session));
    }

    [Fact]
    public async Task A_state_is_for_its_session_alone_and_works_once_for_five_minutes()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var response = await flows.CreateAsync(session);
        var another = (await flows.Service.LoginAsync(session.Email)).Session;
        foreach (var wrong in new[] { another, await flows.NewSessionAsync() })
            PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyInvalid, await PasskeyFlows.RegisterAsync(flows.Service, wrong, response));
        Assert.IsType<RegisterPasskeyResult.Registered>(await PasskeyFlows.RegisterAsync(flows.Service, session, response));
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyUsed, await PasskeyFlows.RegisterAsync(flows.Service, session, response));

        var late = await flows.CreateAsync(session, authenticator: new(Service.Origin));
        flows.Service.Clock.Advance(Ceremony.Lifetime);
        PasskeyFlows.IsRefused(PasskeyRefusal.CeremonyExpired, await PasskeyFlows.RegisterAsync(flows.Service, session, late));
    }

    [Fact]
    public async Task An_account_has_at_most_20_however_many_are_added_at_once()
    {
        using var flows = new PasskeyFlows();
        var session = await flows.NewSessionAsync();
        var responses = new List<PasskeyResponse>();
        for (var i = 0; i < Passkey.MaximumCount + 2; i++)
            responses.Add(await flows.CreateAsync(session));
        var results = new List<RegisterPasskeyResult>();
        foreach (var pair in responses.Chunk(2))
            results.AddRange(await Task.WhenAll(pair.Select(each => Task.Run(() => PasskeyFlows.RegisterAsync(flows.Service, session, each)))));
        Assert.Equal(Passkey.MaximumCount, results.OfType<RegisterPasskeyResult.Registered>().Count());
        Assert.Equal(2, results.Count(result => result is RegisterPasskeyResult.Refused { Refusal: PasskeyRefusal.LimitReached }));
        Assert.Equal(Passkey.MaximumCount, (await ListAsync(flows, session)).Count);
        Assert.Null(await flows.Service.StartPasskeyRegistration.ExecuteAsync(session, null, default));
    }

    [Fact]
    public async Task The_options_exclude_what_the_account_has_and_ask_for_no_attestation()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        var options = JsonNode.Parse((await flows.Service.StartPasskeyRegistration.ExecuteAsync(session, null, default))!.Options)!;
        Assert.Equal(Base64Url.EncodeToString(passkey.CredentialId.Span), (string?)options["excludeCredentials"]![0]!["id"]);
        Assert.Equal($"{session.UserId}", Encoding.UTF8.GetString(Base64Url.DecodeFromChars((string)options["user"]!["id"]!)));
        Assert.Equal([-7, -8, -257], options["pubKeyCredParams"]!.AsArray().Select(each => (int)each!["alg"]!));
        Assert.Equal(("none", 300_000), ((string?)options["attestation"], (int)options["timeout"]!));
        Assert.Equal(
            ("required", "preferred"),
            ((string?)options["authenticatorSelection"]!["residentKey"], (string?)options["authenticatorSelection"]!["userVerification"]));
        Assert.Equal(Service.RelyingParty, (string?)options["rp"]!["id"]);
        Assert.Throws<InvalidOperationException>(() => flows.Authenticator.Create(options.ToJsonString()));
    }

    [Fact]
    public async Task A_passkey_that_was_removed_logs_in_no_more_and_the_last_credential_stays()
    {
        using var flows = new PasskeyFlows();
        var (session, passkey) = await flows.NewPasskeyAsync();
        Task<RemovePasskeyResult> RemoveAsync(PasskeyId id) => flows.Service.RemovePasskey.ExecuteAsync(session, id, Service.Client, default);
        await RemovePasswordAsync(flows, session);
        Assert.Equal(new RemovePasskeyResult.LastCredential(), await RemoveAsync(passkey.Id));
        var second = await flows.AddAsync(session);
        Assert.Equal(new RemovePasskeyResult.Removed(), await RemoveAsync(second.Id));
        Assert.Equal(new RemovePasskeyResult.NotFound(), await RemoveAsync(second.Id));
        PasskeyFlows.IsRefused(PasskeyRefusal.Unknown, await flows.TryLoginAsync());
        Assert.Single(await flows.Service.LogOfAsync(session.UserId), entry => entry.Action == LogAction.PasskeyRemoved);
    }

    [Fact]
    public async Task Of_two_removals_at_once_one_leaves_the_last_credential()
    {
        for (var i = 0; i < 10; i++)
        {
            using var flows = new PasskeyFlows();
            var (session, first) = await flows.NewPasskeyAsync();
            var second = await flows.AddAsync(session);
            await RemovePasswordAsync(flows, session);
            var results = await Task.WhenAll(new[] { first, second }.Select(each =>
                Task.Run(() => flows.Service.RemovePasskey.ExecuteAsync(session, each.Id, Service.Client, default))));
            Assert.Single(results, new RemovePasskeyResult.Removed());
            Assert.Single(results, new RemovePasskeyResult.LastCredential());
        }
    }

    [Fact]
    public async Task Erasure_takes_passkeys_and_challenges()
    {
        using var flows = new PasskeyFlows(accountOptions: new() { DeletionGrace = TimeSpan.Zero });
        var (session, _) = await flows.NewPasskeyAsync();
        await flows.LoginAsync();
        await flows.Service.CloseAsync(session);
        for (var i = 0; i < 12; i++)
        {
            await flows.SendAsync();
            await flows.Service.RaiseAlerts.ExecuteAsync(default);
        }

        var file = await flows.Stores.Passkeys.ReadAsync(session.UserId, default);
        Assert.Empty(file.Passkeys);
        Assert.Empty(file.Challenges);
    }

    private static async Task RemovePasswordAsync(PasskeyFlows flows, Session session)
    {
        var account = (await flows.Stores.Accounts.ReadAsync(session.Email.ToAccountKey(), default)).Account!;
        Assert.True(await flows.Stores.Accounts.TryReplaceAsync(account with { PasswordHash = null }, null, default));
    }

    private static Task<IReadOnlyList<Passkey>> ListAsync(PasskeyFlows flows, Session session) =>
        flows.Service.ListPasskeys.ExecuteAsync(session.UserId, default);

    private static async Task<IReadOnlyList<string>> TransportsAsync(PasskeyFlows flows, Session session) =>
        (await ListAsync(flows, session))[0].Transports;
}
