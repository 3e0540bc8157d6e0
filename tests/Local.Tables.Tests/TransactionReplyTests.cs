using System.Text;
using Azure;
using Azure.Data.Tables;

namespace Local.Tables.Tests;

public sealed class TransactionReplyTests
{
    private const string Type = "multipart/mixed; boundary=batchresponse_1";

    // As Azure writes it; Azurite leaves out some lines and has more empty ones.
    private static readonly string Success = string.Join("\r\n",
        "--batchresponse_1",
        "Content-Type: multipart/mixed; boundary=changesetresponse_2",
        "",
        "--changesetresponse_2",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "HTTP/1.1 204 No Content",
        "DataServiceVersion: 3.0;",
        "ETag: W/\"datetime'2024-01-01T00%3A00%3A00.1Z'\"",
        "",
        "",
        "--changesetresponse_2",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "HTTP/1.1 204 No Content",
        "ETag: W/\"datetime'2024-01-01T00%3A00%3A00.2Z'\"",
        "",
        "",
        "--changesetresponse_2--",
        "--batchresponse_1--",
        "");

    private static readonly string Failure = string.Join("\r\n",
        "--batchresponse_1",
        "Content-Type: multipart/mixed; boundary=changesetresponse_2",
        "",
        "--changesetresponse_2",
        "Content-Type: application/http",
        "Content-Transfer-Encoding: binary",
        "",
        "HTTP/1.1 409 Conflict",
        "Content-Type: application/json;odata=minimalmetadata;streaming=true;charset=utf-8",
        "",
        """{"odata.error":{"code":"EntityAlreadyExists","message":{"lang":"en-US","value":"1:It exists.\nTime:12:00"}}}""",
        "--changesetresponse_2--",
        "--batchresponse_1--",
        "");

    [Fact]
    public async Task A_whole_reply_gives_an_answer_for_each_action()
    {
        var reply = await SubmitAsync(Success);

        Assert.Equal([204, 204], reply.Value.Select(part => part.Status));
        Assert.Equal("No Content", reply.Value[0].ReasonPhrase);
        Assert.Equal("3.0;", reply.Value[0].Headers.First(header => header.Name == "DataServiceVersion").Value);
        Assert.Equal(new ETag("W/\"datetime'2024-01-01T00%3A00%3A00.1Z'\""), reply.Value[0].Headers.ETag);
        Assert.Equal(new ETag("W/\"datetime'2024-01-01T00%3A00%3A00.2Z'\""), reply.Value[1].Headers.ETag);
    }

    [Fact]
    public async Task A_reply_cut_anywhere_is_never_a_success()
    {
        // The line end after the last boundary is the only part that may be missing.
        var whole = Success.TrimEnd().Length;
        for (var length = 0; length < whole; length++)
            await Assert.ThrowsAsync<IOException>(() => SubmitAsync(Success[..length]));

        await SubmitAsync(Success[..whole]);
    }

    [Fact]
    public async Task A_failed_action_is_told_with_its_index()
    {
        var failure = await Assert.ThrowsAsync<TableTransactionFailedException>(() => SubmitAsync(Failure));

        Assert.Equal((409, "EntityAlreadyExists", 1), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
    }

    [Fact]
    public async Task A_reply_with_too_few_answers_is_not_a_success() =>
        await Assert.ThrowsAsync<IOException>(() => SubmitAsync(Success, actions: 3));

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task A_reply_with_another_status_is_not_a_success(int status)
    {
        var failure = await Assert.ThrowsAsync<RequestFailedException>(() => SubmitAsync(Success, status: status));

        Assert.Equal(status, failure.Status);
    }

    private static Task<Response<IReadOnlyList<Response>>> SubmitAsync(string reply, int actions = 2, int status = 202)
    {
        var network = new StubHandler(_ =>
        {
            var response = StubHandler.Status(status);
            response.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(reply));
            response.Content.Headers.TryAddWithoutValidation("Content-Type", Type);
            return response;
        });
        var key = new TableSharedKeyCredential("account", Convert.ToBase64String(new byte[32]));
        var client = new TableClient(new Uri("https://account.table.core.windows.net"), "t", key, network.Options);
        return client.SubmitTransactionAsync(Enumerable.Range(0, actions).Select(number =>
            new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("p", $"{number}"))));
    }
}
