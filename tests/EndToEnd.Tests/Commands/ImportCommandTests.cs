using System.Diagnostics;
using EndToEnd.Tests.Accounts;

namespace EndToEnd.Tests.Commands;

[Collection(nameof(App))]
public sealed class ImportCommandTests(App app)
{
    [OwnAppFact]
    [Trait("Run", "nightly")]
    public async Task A_file_is_imported_in_chunks_and_run_again_goes_on()
    {
        const int lines = 1_203;
        var file = Path.GetTempFileName();
        var email = App.NewEmail();
        // Only two lines in two chunks are accounts: each costs nine calls.
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, lines).Select(line => line switch
        {
            1 => JsonSerializer.Serialize(new { email, passwordHash = ImportTests.Bcrypt }),
            lines => JsonSerializer.Serialize(new { email = App.NewEmail(), passwordHash = ImportTests.Bcrypt }),
            1_002 => """{"email":"nobody"}""",
            _ => "",
        }));

        var (code, said, errors) = await ImportAsync(AppSettings.AdminPassword);
        Assert.Equal("line 1002: email: is not an email address.\n", errors);
        Assert.Equal(1, code);
        Assert.Contains("line 1000: 1 accounts created", said, StringComparison.Ordinal);
        Assert.EndsWith("2 accounts created, 0 existed, 1 lines refused\n", said, StringComparison.Ordinal);
        (await app.Client.LoginAsync(email, "U*U")).IsOk();

        (_, said, _) = await ImportAsync(AppSettings.AdminPassword);
        Assert.EndsWith("0 accounts created, 2 existed, 1 lines refused\n", said, StringComparison.Ordinal);
        (code, _, errors) = await ImportAsync("another donkey capacitor paperclip");
        Assert.Equal(1, code);
        Assert.StartsWith($"The login as {AppSettings.AdminEmail} failed: ", errors, StringComparison.Ordinal);
        File.Delete(file);

        Task<(int ExitCode, string Output, string Errors)> ImportAsync(string password)
        {
            var start = new ProcessStartInfo("dotnet", ["src/import.cs", file]);
            start.Environment["IMPORT_ADDRESS"] = new Uri(app.BaseAddress, "api").AbsoluteUri;
            start.Environment["IMPORT_EMAIL"] = AppSettings.AdminEmail;
            start.Environment["IMPORT_PASSWORD"] = password;
            return Run.ToEndAsync(start);
        }
    }
}
