namespace Serverless.Sessions.Tests.Passwords;

public sealed class PasswordHashingTests
{
    private const string Bcrypt = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    private static readonly Password Right = new("correct horse battery staple");

    public static TheoryData<string> Foreign =>
    [
        Bcrypt, Pbkdf2Hash.Create(Right, 2_000).Write().Text,
        "pbkdf2_sha256$390000$seasalt$8xBlGd3jVgvJ+92hWPxi5ww0uuAuAnKgC45eudxro7c=",
        "$scrypt$ln=8,r=8,p=1$WKs1xljLudd6z9kbY0wpJQ$yCR4iDZYDKv+iEJj6yHY0lv/epnfB6f/w1EbXrsJOuQ",
        "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
    ];

    [Theory]
    [MemberData(nameof(Foreign))]
    public async Task Every_check_does_the_same_work_whatever_the_kind_of_the_hash_and_without_one(string foreign)
    {
        List<string> work = [];
        using var hashing = Weak(work);
        var own = await hashing.HashAsync(Right, default);
        Assert.Equal(PasswordCheck.Right, await hashing.CheckAsync(own, Right, default));
        Assert.Equal(PasswordCheck.Wrong, await hashing.CheckAsync(null, Right, default));
        Assert.Single(work.Distinct());
        work.Clear();

        await hashing.CheckAsync(new(foreign), new("wrong password"), default);
        foreach (var hash in new PasswordHash?[] { own, null, new(foreign), own })
            await hashing.CheckAsync(hash, new("wrong password"), default);
        Assert.Equal((5, 1), (work.Count, work.Distinct().Count()));
    }

    [Fact]
    public async Task Within_a_kind_the_hash_that_costs_most_counts()
    {
        List<string> work = [];
        using var hashing = Weak(work);
        foreach (var iterations in new[] { 3_000, 1_000, 2_000, 3_000 })
            await hashing.CheckAsync(Pbkdf2Hash.Create(Right, iterations).Write(), Right, default);
        foreach (var cost in new[] { "07", "05", "07" })
            await hashing.CheckAsync(new(Bcrypt.Replace("$05$", $"${cost}$", StringComparison.Ordinal)), Right, default);
        Assert.All(work[..4], each => Assert.Equal("[argon2id, 8], [pbkdf2 SHA512, 3000]", each));
        Assert.All(work[4..], each => Assert.Equal("[argon2id, 8], [bcrypt, 128], [pbkdf2 SHA512, 3000]", each));
    }

    [Fact]
    public async Task New_hashes_are_Argon2id_as_OWASP_recommends_and_others_are_to_be_renewed()
    {
        using var hashing = new PasswordHashing(Options.Create(new PasswordOptions()));
        var hash = await hashing.HashAsync(Right, default);
        Assert.StartsWith("$argon2id$v=19$m=19456,t=2,p=1$", hash.Text, StringComparison.Ordinal);
        Assert.NotEqual(hash, await hashing.HashAsync(Right, default));
        Assert.Equal(PasswordCheck.Right, await hashing.CheckAsync(hash, Right, default));
        Assert.Equal(PasswordCheck.Wrong, await hashing.CheckAsync(hash, new("wrong password"), default));
        Assert.Equal(PasswordCheck.SuccessRehashNeeded, await hashing.CheckAsync(new(Bcrypt), new("U*U"), default));
        Assert.Equal(
            PasswordCheck.SuccessRehashNeeded,
            await hashing.CheckAsync(Pbkdf2Hash.Create(Right, Pbkdf2Hash.SafeIterations).Write(), Right, default));
    }

    [Fact]
    public async Task Without_libsodium_new_hashes_are_PBKDF2_and_those_in_Argon2id_stay()
    {
        using var usual = new PasswordHashing(Options.Create(new PasswordOptions()));
        using var without = new PasswordHashing(Options.Create(new PasswordOptions())) { WhyNoArgon2 = "It is a test." };
        var hash = await without.HashAsync(Right, default);
        // Format 3 of ASP.NET Core Identity, HMAC-SHA512, 220,000 iterations.
        Assert.StartsWith("AQAAAAIAA1tgAAAAE", hash.Text, StringComparison.Ordinal);
        Assert.Equal(PasswordCheck.Right, await without.CheckAsync(hash, Right, default));
        Assert.Equal(PasswordCheck.Right, await without.CheckAsync(await usual.HashAsync(Right, default), Right, default));
        Assert.Equal(PasswordCheck.SuccessRehashNeeded, await usual.CheckAsync(hash, Right, default));
    }

    [Fact]
    public async Task A_stored_hash_of_no_known_kind_is_an_unreadable_row_and_no_wrong_password_at_the_same_cost()
    {
        List<string> work = [];
        using var hashing = Weak(work);
        await hashing.CheckAsync(null, Right, default);
        var failure = await Assert.ThrowsAsync<StorageUnavailableException>(() => hashing.CheckAsync(new("one day"), Right, default));
        Assert.Equal((true, 2, 1), (failure.IsOneRow, work.Count, work.Distinct().Count()));
    }

    [Fact]
    public async Task Whoever_finds_no_free_core_in_time_is_told_to_come_back()
    {
        using var hashing = new PasswordHashing(Options.Create(new PasswordOptions { MaximumWait = TimeSpan.Zero }));
        var slow = Pbkdf2Hash.OfNobody(2_000_000).Write();
        var checks = Enumerable.Range(0, Environment.ProcessorCount + 3).Select(_ => hashing.CheckAsync(slow, Right, default)).ToArray();
        await Assert.ThrowsAsync<ServiceBusyException>(() => checks[^1]);
        Assert.Equal(PasswordCheck.Wrong, await checks[0]);
        await Task.WhenAll(checks.Take(Environment.ProcessorCount));
    }

    [Fact]
    public void Secrets_do_not_show_themselves()
    {
        Assert.Equal("[password]", Right.ToString());
        Assert.Equal("[password hash]", new PasswordHash("x").ToString());
    }

    private static PasswordHashing Weak(List<string> work) =>
        new(Options.Create(new PasswordOptions { WeakHashes = true })) { Checked = work.Add };
}
