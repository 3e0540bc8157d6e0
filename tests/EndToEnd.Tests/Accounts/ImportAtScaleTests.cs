using System.Diagnostics;
using Xunit.Abstractions;

namespace EndToEnd.Tests.Accounts;

public sealed class ImportAtScaleTests(ITestOutputHelper output)
{
    private const int AccountsOfEach = 10_000;
    private const int Chunk = 1_000;

    /// <summary>Hashes that cost next to nothing: how long real ones take is a matter of their work.</summary>
    private static readonly (string Password, string Hash)[] Kinds =
    [
        ("U*U", ImportTests.Bcrypt),
        ("password", "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc"),
        // By Node.js.
        (AppSettings.Password, "$scrypt$ln=4,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$jkBzE6t+3YTzAuQ1ol2ZxJUOk0akIbgat0w+kf21AT0"),
        (AppSettings.Password, "$fbscrypt$v=1,n=4,r=8,p=1,ss=Bw==,sk=Y4Rm1IrOwHkNbGRbpYKDwwIwGfdYnuH064sQpr/VEsQPvNO81wCGlZ4JUpRPVqG8jyO2V7RXu9594m+irfIR/A=="
            + "$c2FsdHNhbHRzYWx0c2FsdA==$y1wLXufSUM/izO/Xxnw/4XZ2GWVesZ+WbEVJKvmX7hfvdpdcFvlBF6wfUmUzil7AaqoVd/9kPfzI+yvNSJ3C3w=="),
        (AppSettings.Password, "pbkdf2_sha256$1000$saltsalt$zzTVNkpdnDsQWZloN/zP8vUU74BCbHD/tDSXS4zXPSs="),
        (AppSettings.Password, "AQAAAAIAAAPoAAAAEHNhbHRzYWx0c2FsdHNhbHQ5HG+c8XTyaZOW1R/9ZItLwVnfJhqeoGsP6SbiukyvTg=="),
    ];

    [OwnAppFact]
    [Trait("Run", "nightly")]
    public async Task Of_each_kind_of_hash_ten_thousand_accounts_are_imported_and_each_logs_in_with_its_old_password()
    {
        await using var app = await OwnApp.StartAsync();
        var clock = Stopwatch.StartNew();
        foreach (var chunk in Enumerable.Range(0, AccountsOfEach * Kinds.Length).Chunk(Chunk))
        {
            var admin = await app.Client.LoginAsAdministratorAsync();
            var report = (await app.Client.ImportAsync(
                admin.AccessToken, chunk.Select(i => new { email = EmailOf(i), passwordHash = KindOf(i).Hash }))).IsOk();
            Assert.Equal(Chunk, report.Lines.Count(line => line.Text("result") == "created"));
        }

        output.WriteLine($"{AccountsOfEach * Kinds.Length} accounts imported in {clock.Elapsed.TotalSeconds:0} s");
        clock.Restart();
        await Parallel.ForAsync(0, AccountsOfEach * Kinds.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            (await app.Client.LoginAsync(EmailOf(i), KindOf(i).Password)).IsOk());
        output.WriteLine($"and as many logins in {clock.Elapsed.TotalSeconds:0} s");

        static string EmailOf(int i) => $"imported-{i}@example.com";
        static (string Password, string Hash) KindOf(int i) => Kinds[i % Kinds.Length];
    }
}
