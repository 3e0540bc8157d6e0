using Azure;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

[Collection(AzuriteCollection.Name)]
public sealed class ServiceTests(AzuriteFixture azurite)
{
    [Fact]
    public async Task A_wrong_key_is_refused_with_403()
    {
        var key = new TableSharedKeyCredential("devstoreaccount1", Convert.ToBase64String(new byte[64]));
        var client = new TableClient(azurite.Endpoint, AzuriteFixture.NewName(), key);

        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => client.CreateIfNotExistsAsync());

        Assert.Equal(403, failure.Status);
    }

    [Fact]
    public async Task A_key_can_be_changed_while_a_client_is_in_use()
    {
        var key = new TableSharedKeyCredential("devstoreaccount1", Convert.ToBase64String(new byte[64]));
        var client = new TableServiceClient(azurite.Endpoint, key);
        await Assert.ThrowsAsync<RequestFailedException>(async () => await client.QueryAsync().ToListAsync());

        key.SetAccountKey(azurite.ConnectionString.Split("AccountKey=")[1].Split(';')[0]);

        await client.CreateTableAsync(AzuriteFixture.NewName());
    }

    [Fact]
    public void A_client_knows_its_names()
    {
        var service = new TableServiceClient(azurite.ConnectionString);
        var table = service.GetTableClient("t");

        Assert.Equal(azurite.Endpoint, service.Uri);
        Assert.Equal($"{azurite.Endpoint}/t", table.Uri.AbsoluteUri);
        Assert.Equal(("devstoreaccount1", "devstoreaccount1", "t"), (service.AccountName, table.AccountName, table.Name));
    }

    [Fact]
    public async Task A_cancelled_call_ends_as_cancelled()
    {
        var table = await azurite.NewTableAsync();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => table.AddEntityAsync(new TableEntity("p", "r"), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await table.QueryAsync<TableEntity>(cancellationToken: cancelled.Token).ToListAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await table.QueryAsync<TableEntity>().ToListAsync(cancelled.Token));
        Assert.False((await table.GetEntityIfExistsAsync<TableEntity>("p", "r")).HasValue);
    }

    [Fact]
    public async Task A_client_is_shared_by_many_at_once()
    {
        var table = await azurite.NewTableAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(number => Task.Run(
            () => table.AddEntityAsync(new TableEntity("p", $"{number:D3}") { ["Value"] = new string('x', number * 20) }))));

        var rows = await table.QueryAsync<TableEntity>().ToListAsync();
        Assert.Equal(Enumerable.Range(0, 200).Select(number => number * 20), rows.Select(row => row.GetString("Value").Length));
    }
}
