namespace Faults.Tests.Operations;

internal static class Answers
{
    public static bool Says(this Answer answer, int status, string code, string? reason = null) =>
        answer.Status == status
        && answer.Json.GetProperty("code").GetString() == code
        && (reason is null || (answer.Json.TryGetProperty("reason", out var told) && told.GetString() == reason));

    /// <summary>A repeated request, whose earlier try may have been carried out.</summary>
    public static bool SaysAgain(this Answer answer, Scene scene, int status, string code, string? reason = null) =>
        scene.Tries > 1 && answer.Says(status, code, reason);

    /// <summary>What a client waits before it asks again, a hundred times as fast.</summary>
    public static TimeSpan AsksToWait(this Answer answer)
    {
        var seconds = int.Parse(answer.Header("Retry-After") ?? "0", CultureInfo.InvariantCulture);
        Assert.InRange(seconds, 1, 60);
        return seconds * TimeSpan.FromMilliseconds(10);
    }

    /// <summary>Asks when the fault is over; a busy machine may cause a timeout of its own, so it tries again.</summary>
    public static Task<Answer> AskAsync(this AppInstance station, Func<SessionClient, Task<Answer>> ask) => station.Client.AskAsync(ask);

    public static async Task<Answer> AskAsync(this SessionClient client, Func<SessionClient, Task<Answer>> ask)
    {
        for (var tries = 1; ; tries++)
        {
            var answer = await ask(client);
            if (answer.Status != 503 || tries == 5)
                return answer;
            await Task.Delay(100);
        }
    }

    public static async Task IsGoodAsync(this AppInstance station, string accessToken) =>
        (await station.AskAsync(client => client.StatusAsync(accessToken))).IsOk();

    public static async Task IsOverAsync(this AppInstance station, Ticket ticket, string reason)
    {
        (await station.AskAsync(client => client.StatusAsync(ticket.AccessToken))).IsProblem(401, "session_ended", reason);
        (await station.AskAsync(client => client.RefreshAsync(ticket.RefreshToken))).IsProblem(401, "session_ended", reason);
    }

    public static async Task LogOutAsync(this AppInstance station, Ticket ticket)
    {
        await station.AskAsync(client => client.LogoutAsync(ticket.AccessToken));
        await station.IsOverAsync(ticket, "logout");
    }

    public static async Task LivesOnAsync(this AppInstance station, string accessToken, string refreshToken)
    {
        await station.IsGoodAsync(accessToken);
        await station.IsGoodAsync((await station.AskAsync(client => client.RefreshAsync(refreshToken))).IsOk().AccessToken);
    }

    public static Task LivesOnAsync(this AppInstance station, Ticket ticket) => station.LivesOnAsync(ticket.AccessToken, ticket.RefreshToken);
}
