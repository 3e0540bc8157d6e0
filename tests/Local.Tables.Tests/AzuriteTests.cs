using Azure;
using Azure.Data.Tables;
using Serverless.Testing;

namespace Local.Tables.Tests;

public sealed class AzuriteTests
{
    [Fact]
    public async Task Azurite_comes_back_on_its_port_with_the_data_of_its_folder()
    {
        var folder = Directory.CreateTempSubdirectory("azurite-");
        try
        {
            await using var azurite = await Azurite.StartAsync(folder.FullName);
            var port = azurite.Port;
            var table = new TableClient(azurite.ConnectionString, "Kept");
            await table.CreateAsync();
            await table.AddEntityAsync(new TableEntity("p", "the-kept-row"));
            await WaitUntilWrittenAsync(folder, "the-kept-row");

            await azurite.StopAsync();
            var failure = await Assert.ThrowsAsync<RequestFailedException>(
                () => Unretried(azurite).GetEntityAsync<TableEntity>("p", "the-kept-row"));
            Assert.Equal(0, failure.Status);
            await azurite.StartAgainAsync();

            Assert.Equal(port, azurite.Port);
            Assert.True((await Unretried(azurite).GetEntityIfExistsAsync<TableEntity>("p", "the-kept-row")).HasValue);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static TableClient Unretried(Azurite azurite) =>
        new(azurite.ConnectionString, "Kept", new TableClientOptions { Retry = { MaxRetries = 0 } });

    /// <summary>Azurite writes its file every five seconds.</summary>
    private static async Task WaitUntilWrittenAsync(DirectoryInfo folder, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            foreach (var file in folder.EnumerateFiles("*.json"))
            {
                if ((await File.ReadAllTextAsync(file.FullName, limit.Token)).Contains(text, StringComparison.Ordinal))
                    return;
            }

            await Task.Delay(100, limit.Token);
        }
    }
}
