namespace Serverless.Functions.Accounts;

/// <summary>How a route logs and answers that the current password is refused. It counts as a failed login.</summary>
internal static class RefusedPassword
{
    public static Task<HttpResponseData> ReplyWrongAsync(HttpRequestData request, ILogger log, ClientInfo client, bool locks)
    {
        log.LoginFailed(MaskedAddress.Of(client.IpAddress));
        if (locks)
            log.LoginLocked(MaskedAddress.Of(client.IpAddress));
        return request.ReplyAsync(new Problem(ProblemCode.WrongPassword, "The password is wrong."));
    }

    public static Task<HttpResponseData> ReplyLockedAsync(HttpRequestData request, ILogger log, ClientInfo client, TimeSpan wait)
    {
        log.LoginLocked(MaskedAddress.Of(client.IpAddress));
        return request.ReplyAsync(new Problem(ProblemCode.AccountLocked, "Wait before you try again.", RetryAfter: wait));
    }
}
