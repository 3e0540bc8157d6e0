namespace Serverless.Tables.Tests;

public sealed class StorageTelemetryTests
{
    [Theory]
    [InlineData("GET", "/devstoreaccount1/Sessions(PartitionKey='00SECRET',RowKey='s:SECRET')", "GET", "Sessions")]
    [InlineData("GET", "/Sessions()", "GET", "Sessions")]
    [InlineData("PUT", "/Timeline(PartitionKey='a/b',RowKey='SECRET')", "PUT", "Timeline")]
    [InlineData("PATCH", "/Security(PartitionKey='ip',RowKey='203.0.113.7')", "PATCH", "Security")]
    [InlineData("POST", "/devstoreaccount1/Sessions", "POST", "Sessions")]
    [InlineData("POST", "/devstoreaccount1/$batch", "transaction", null)]
    [InlineData("POST", "/devstoreaccount1/Tables", "create_table", null)]
    public void A_request_is_named_after_its_table(string method, string path, string operation, string? table) =>
        Assert.Equal((operation, table), StorageTelemetry.Describe(RequestMethod.Parse(method), path));
}
