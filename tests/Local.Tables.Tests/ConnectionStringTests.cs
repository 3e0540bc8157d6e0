using Azure.Data.Tables;

namespace Local.Tables.Tests;

public sealed class ConnectionStringTests
{
    private const string Key = "a2V5a2U=";

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "http://127.0.0.1:10002/devstoreaccount1", "devstoreaccount1")]
    [InlineData(
        "UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://azurite",
        "http://azurite:10002/devstoreaccount1",
        "devstoreaccount1")]
    [InlineData($"AccountName=a;AccountKey={Key};EndpointSuffix=core.windows.net", "https://a.table.core.windows.net/", "a")]
    [InlineData(
        $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey={Key};EndpointSuffix=core.chinacloudapi.cn;",
        "http://a.table.core.chinacloudapi.cn/",
        "a")]
    [InlineData($"AccountName=a;AccountKey={Key};TableEndpoint=http://localhost:1/a", "http://localhost:1/a", "a")]
    public void A_connection_string_names_endpoint_and_account(string connectionString, string endpoint, string account)
    {
        var service = new TableServiceClient(connectionString);

        Assert.Equal((endpoint, account), (service.Uri.AbsoluteUri, service.AccountName));
    }

    [Theory]
    [InlineData("nonsense", typeof(InvalidOperationException))]
    [InlineData("AccountName=;AccountKey=a2V5", typeof(InvalidOperationException))]
    [InlineData("AccountName=a;AccountName=b;AccountKey=a2V5", typeof(InvalidOperationException))]
    [InlineData("AccountName=a", typeof(ArgumentException))]
    [InlineData("AccountName=a;AccountKey=a2V5", typeof(ArgumentException))]
    [InlineData("AccountName=a;AccountKey=!;EndpointSuffix=core.windows.net", typeof(FormatException))]
    [InlineData("", typeof(ArgumentException))]
    [InlineData(null, typeof(ArgumentNullException))]
    public void A_malformed_connection_string_is_refused(string? connectionString, Type exception) =>
        Assert.Throws(exception, () => new TableServiceClient(connectionString));

    [Fact]
    public void An_account_is_the_first_part_of_the_host_or_of_an_emulators_path()
    {
        var key = new TableSharedKeyCredential("a", Key);

        Assert.Equal("acc", new TableServiceClient(new Uri("https://acc.table.core.windows.net"), key).AccountName);
        Assert.Equal("acc", new TableServiceClient(new Uri("http://127.0.0.1:10002/acc"), key).AccountName);
    }
}
