namespace Faults.Tests.Operations;

/// <summary>What sends a link, and what a link does.</summary>
internal static class Links
{
    public const string NextPassword = "another horse battery staple";

    private const string Verify = "accounts/email/verify";
    private const string Reset = "accounts/password/reset";

    public static IEnumerable<Operation> All { get; } =
    [
        new("forgot password", TwoSessionsAsync,
            scene => Requests.Post("accounts/password/forgot", new() { ["email"] = scene.User.Email }), 202)
        { Sends = true, Afterwards = ResetByMailAsync, InStorage = WasReset },
        new("admin: send a password reset", station => Endings.WithAdminAsync(station),
            scene => Requests.Post($"admin/accounts/{scene.User.UserId}/password-reset", accessToken: scene.Admin.Ticket.AccessToken), 202)
        {
            Sends = true,
            Afterwards = ResetByMailAsync,
            InStorage = (scene, rows) =>
            {
                WasReset(scene, rows);
                var entries = rows.Log(scene.User.UserId, "password_reset_sent");
                // A try that nobody heard of may have been carried out.
                Assert.InRange(entries.Count, 1, scene.Tries);
                Assert.All(entries, entry => Assert.Equal(scene.Admin.UserId, entry.GetString("Administrator")));
            },
        },
        new("admin: mark an email as verified", UnverifiedAsync,
            scene => Requests.Post($"admin/accounts/{scene.User.UserId}/email-verification", accessToken: scene.Admin.Ticket.AccessToken), 204)
        {
            Afterwards = (station, scene) => OpensOnlyAsync(station, (scene.User.Email, Bench.Password)),
            InStorage = (scene, rows) =>
            {
                Invariants.CheckOnlyAccount(scene.User.Key, scene.User.UserId, rows);
                var entry = Assert.Single(rows.Log(scene.User.UserId, "email_verified"));
                Assert.Equal(scene.Admin.UserId, entry.GetString("Administrator"));
            },
        },
        new("reset the password",
            async station =>
            {
                var scene = await TwoSessionsAsync(station);
                var token = await station.Bench.NewTokenAsync(TokenPurpose.Reset, AccountToken.ResetLifetime, scene.User.Account.Id);
                await station.Bench.Table("Accounts").UpsertEntityAsync(new TableEntity(scene.User.Key, $"t:{scene.User.Key}") { ["Failures"] = 1 });
                return scene with { Token = await station.Bench.IssueAsync(scene.User.Account.Email.ToAccountKey(), token) };
            },
            scene => ResetBy(scene.Token), IsUsed)
        {
            Hashes = true,
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                await Post.IsPromisedAsync(station, scene.User.Account.Email);
                await IsResetAsync(station, scene, scene.Token);
            },
            InStorage = WasReset,
        },
        new("register an email to verify", _ => Task.FromResult(new Scene { Newcomers = [Bench.NewEmail()] }),
            scene => Requests.Post("accounts", new() { ["email"] = scene.Newcomers[0].Value, ["password"] = Bench.Password }), 202)
        {
            Hashes = true,
            Sends = true,
            Afterwards = IsVerifiedAsync,
            InStorage = WasRegistered,
        },
        new("verify a registration", RegisteringAsync,
            scene => VerifyBy(scene.Token), IsUsed)
        { Afterwards = (station, scene) => IsRegisteredAsync(station, scene, scene.Token), InStorage = WasRegistered },
        new("ask again for the link of a registration", RegisteringAsync,
            scene => Requests.Post("accounts/email/verification", new() { ["email"] = scene.Newcomers[0].Value }), 202)
        {
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                await IsUsedUpAsync(station, VerifyBy(scene.Token));
                await IsVerifiedAsync(station, scene);
            },
            InStorage = WasRegistered,
        },
        new("ask for another email", MovingAsync,
            scene => Requests.Post(
                "accounts/email", new() { ["email"] = scene.Newcomers[0].Value, ["password"] = Bench.Password }, scene.User.Ticket.AccessToken),
            202)
        {
            Hashes = true,
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                var link = await station.Bench.FindLinkAsync(scene.Newcomers[0].ToAccountKey(), TokenPurpose.Verify);
                await Post.IsPromisedAsync(station, scene.Newcomers[0], link);
                await UseAsync(station, VerifyBy(link.Text));
                await IsMovedAsync(station, scene, link.Text);
            },
            InStorage = WasMoved,
        },
        new("change the email",
            async station =>
            {
                var scene = await MovingAsync(station);
                var (account, email) = (scene.User.Account, scene.Newcomers[0]);
                var token = await station.Bench.NewTokenAsync(TokenPurpose.Verify, AccountToken.VerifyLifetime, account.Id);
                var change = token with { Address = email.Address, From = account.Email.ToAccountKey(), Epoch = account.Epoch };
                return scene with { Token = await station.Bench.IssueAsync(email.ToAccountKey(), change) };
            },
            scene => VerifyBy(scene.Token), IsUsed)
        {
            Sends = true,
            Afterwards = (station, scene) => IsMovedAsync(station, scene, scene.Token),
            InStorage = WasMoved,
        },
        new("take back a change of email",
            async station =>
            {
                var scene = await MovingAsync(station);
                await station.Bench.MoveAsync(scene.User, scene.Newcomers[0]);
                return scene with { Token = (await station.Bench.FindLinkAsync(scene.User.Account.Email.ToAccountKey(), TokenPurpose.Verify)).Text };
            },
            scene => VerifyBy(scene.Token), IsUsed)
        {
            Sends = true,
            Afterwards = async (station, scene) =>
            {
                // Nobody has a password until the link is used, and whoever tries to log in finishes what a dead try has begun.
                foreach (var email in new[] { scene.User.Email, scene.Newcomers[0].Value })
                    (await station.AskAsync(client => client.LoginAsync(email, Bench.Password))).IsProblem(401, "invalid_credentials");
                await station.IsOverAsync(scene.User.Ticket, "email_taken_back");
                var link = await station.Bench.FindLinkAsync(scene.User.Account.Email.ToAccountKey(), TokenPurpose.Reset);
                await Post.IsPromisedAsync(station, scene.User.Account.Email, link);
                await UseAsync(station, ResetBy(link.Text));
                await OpensOnlyAsync(station, (scene.User.Email, NextPassword), (scene.Newcomers[0].Value, NextPassword));
                await IsUsedUpAsync(station, VerifyBy(scene.Token));
            },
            InStorage = (scene, rows) =>
            {
                Invariants.CheckOnlyAccount(scene.User.Key, scene.User.UserId, rows);
                Assert.Null(rows.Account(scene.Newcomers[0].ToAccountKey().Value));
                Assert.Single(rows.Log(scene.User.UserId, "email_taken_back"), entry => entry.GetString("SessionId") is null);
                Assert.Single(rows.Log(scene.User.UserId, "password_reset"));
            },
        },
    ];

    /// <summary>One email and password opens sessions, the others don't. The right one comes first, as it finishes what a dead try has begun.</summary>
    public static async Task<Answer> OpensOnlyAsync(
        AppInstance station, (string Email, string Password) right, params (string Email, string Password)[] wrong)
    {
        var login = (await station.AskAsync(client => client.LoginAsync(right.Email, right.Password))).IsOk();
        foreach (var (email, password) in wrong)
            (await station.AskAsync(client => client.LoginAsync(email, password))).IsProblem(401, "invalid_credentials");
        return login;
    }

    public static HttpRequestMessage VerifyBy(string token) => Requests.Post(Verify, new() { ["token"] = token });

    private static HttpRequestMessage ResetBy(string token) =>
        Requests.Post(Reset, new() { ["token"] = token, ["password"] = NextPassword });

    // A repeated use finds that an earlier try has used the token.
    public static bool IsUsed(Scene scene, Answer answer) => answer.Status == 204 || answer.SaysAgain(scene, 400, "token_invalid");

    private static async Task UseAsync(AppInstance station, HttpRequestMessage request) => (await station.Client.SendAsync(request)).IsEmpty();

    private static async Task IsUsedUpAsync(AppInstance station, HttpRequestMessage request) =>
        (await station.Client.SendAsync(request)).IsProblem(400, "token_invalid");

    private static async Task<Scene> TwoSessionsAsync(AppInstance station) => new(await station.Bench.NewPartyAsync(sessions: 2));

    private static async Task<Scene> RegisteringAsync(AppInstance station)
    {
        var email = Bench.NewEmail();
        var token = await station.Bench.NewTokenAsync(TokenPurpose.Verify, AccountToken.VerifyLifetime);
        var registration = token with
        {
            Registration = await Bench.Hash.Value,
            RegistrationUntil = token.ExpiresAt,
            Address = email.Address,
        };
        return new() { Newcomers = [email], Token = await station.Bench.IssueAsync(email.ToAccountKey(), registration) };
    }

    private static async Task<Scene> UnverifiedAsync(AppInstance station)
    {
        var scene = await Endings.WithAdminAsync(station);
        var table = station.Bench.Table("Accounts");
        var row = (await table.GetEntityAsync<TableEntity>(scene.User.Key, $"a:{scene.User.Key}")).Value;
        Assert.True(row.Remove("EmailVerifiedAt"));
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        return scene;
    }

    private static async Task<Scene> MovingAsync(AppInstance station) =>
        new(await station.Bench.NewPartyAsync()) { Newcomers = [Bench.NewEmail()], Moves = true };

    private static async Task ResetByMailAsync(AppInstance station, Scene scene)
    {
        var link = await station.Bench.FindLinkAsync(scene.User.Account.Email.ToAccountKey(), TokenPurpose.Reset);
        await Post.IsPromisedAsync(station, scene.User.Account.Email, link);
        await UseAsync(station, ResetBy(link.Text));
        await IsResetAsync(station, scene, link.Text);
    }

    private static async Task IsResetAsync(AppInstance station, Scene scene, string token)
    {
        await OpensOnlyAsync(station, (scene.User.Email, NextPassword), (scene.User.Email, Bench.Password));
        foreach (var ticket in scene.User.Tickets)
            await station.IsOverAsync(ticket, "password_reset");
        await IsUsedUpAsync(station, ResetBy(token));
    }

    private static void WasReset(Scene scene, Rows rows)
    {
        Invariants.CheckOnlyAccount(scene.User.Key, scene.User.UserId, rows);
        Assert.Single(rows.Log(scene.User.UserId, "password_reset"));
        // That of the login with the old password, after the one with the new.
        Assert.Equal(1, rows.Throttle(scene.User.Key)?.GetInt32("Failures"));
    }

    private static async Task IsVerifiedAsync(AppInstance station, Scene scene)
    {
        var link = await station.Bench.FindLinkAsync(scene.Newcomers[0].ToAccountKey(), TokenPurpose.Verify);
        await Post.IsPromisedAsync(station, scene.Newcomers[0], link);
        await UseAsync(station, VerifyBy(link.Text));
        await IsRegisteredAsync(station, scene, link.Text);
    }

    private static async Task IsRegisteredAsync(AppInstance station, Scene scene, string token)
    {
        var login = await OpensOnlyAsync(station, (scene.Newcomers[0].Value, Bench.Password), (scene.Newcomers[0].Value, NextPassword));
        scene.Newborn.Add(login.UserId);
        await IsUsedUpAsync(station, VerifyBy(token));
    }

    private static void WasRegistered(Scene scene, Rows rows)
    {
        Invariants.CheckOnlyAccount(scene.Newcomers[0].ToAccountKey().Value, scene.Newborn[0], rows);
        Assert.Single(rows.Log(scene.Newborn[0], "account_created"));
    }

    private static async Task IsMovedAsync(AppInstance station, Scene scene, string token)
    {
        await OpensOnlyAsync(station, (scene.Newcomers[0].Value, Bench.Password), (scene.User.Email, Bench.Password));
        await station.LivesOnAsync(scene.User.Ticket);
        await IsUsedUpAsync(station, VerifyBy(token));
        var former = scene.User.Account.Email;
        await Post.IsPromisedAsync(station, former, await station.Bench.FindLinkAsync(former.ToAccountKey(), TokenPurpose.Verify));
    }

    private static void WasMoved(Scene scene, Rows rows)
    {
        var (email, user) = (scene.Newcomers[0], scene.User.UserId);
        Invariants.CheckOnlyAccount(email.ToAccountKey().Value, user, rows);
        Assert.Equal("Moved", rows.Account(scene.User.Key)?.GetString("State"));
        Assert.Equal(email.Value, rows.Session(user, scene.User.Ticket.Id)?.GetString("Email"));
        Assert.Single(rows.Log(user, "email_changed"), entry => entry.GetString("SessionId") is null);
        Assert.Single(rows.Log(user, "email_changed", scene.User.Ticket.Id));
    }
}
