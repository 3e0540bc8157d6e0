namespace Serverless.Functions.Push;

public sealed class MyNotifications(ChooseNotifications choose)
{
    private const string Route = "accounts/notifications";

    [Function("GetNotifications")]
    [Operation("Returns my notification settings.")]
    [Answers(200, "My choices.", typeof(NotificationsBody))]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = Route)] HttpRequestData request, CancellationToken cancellationToken) =>
        await ReplyAsync(request, await choose.ReadAsync(request.Session(), cancellationToken));

    [Function("ChooseNotifications")]
    [Operation("Changes my notification settings.",
        "What is left out stays. Changes of password, email and passkeys are always told.",
        Accepts = typeof(NotificationsRequestBody), NeedsFreshAuthentication = true)]
    [Answers(200, "My choices.", typeof(NotificationsBody))]
    public async Task<HttpResponseData> ChooseAsync(
        [HttpTrigger(Anonymous, "put", Route = Route)] HttpRequestData request, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadAsync(request, WireJson.Default.NotificationsRequestBody, cancellationToken);
        return await ReplyAsync(request, await choose.ExecuteAsync(request.Session(), body.Apply, cancellationToken));
    }

    private static Task<HttpResponseData> ReplyAsync(HttpRequestData request, NotificationChoices choices) =>
        request.ReplyAsync(NotificationsBody.Of(choices), WireJson.Default.NotificationsBody);
}

internal sealed record NotificationsRequestBody(TopicsRequestBody? Mail, TopicsRequestBody? Push)
{
    public NotificationChoices Apply(NotificationChoices choices) => new(
        Mail?.Apply(choices.Mailed) ?? choices.Mailed, Push is null ? choices.Unpushed : ~Push.Apply(~choices.Unpushed));
}

internal sealed record TopicsRequestBody(bool? NewDevice, bool? NewCountry, bool? ImpossibleTravel, bool? TokenReuse)
{
    public AlertTopics Apply(AlertTopics on)
    {
        (AlertTopics Topic, bool? IsOn)[] choices =
        [
            (AlertTopics.NewDevice, NewDevice), (AlertTopics.NewCountry, NewCountry), (AlertTopics.ImpossibleTravel, ImpossibleTravel),
            (AlertTopics.TokenReuse, TokenReuse),
        ];
        return choices.Aggregate(on, (topics, each) => each.IsOn switch
        {
            true => topics | each.Topic,
            false => topics & ~each.Topic,
            null => topics,
        });
    }
}

[Description("What a user is told of, by mail and on devices.")]
internal sealed record NotificationsBody(TopicsBody Mail, TopicsBody Push)
{
    public static NotificationsBody Of(NotificationChoices choices) => new(TopicsBody.Of(choices.Mailed), TopicsBody.Of(~choices.Unpushed));
}

internal sealed record TopicsBody(
    [Description("A login from a device that the account doesn't know.")] bool NewDevice,
    [Description("A login from another country than usual.")] bool NewCountry,
    [Description("Two uses farther apart than anybody travels.")] bool ImpossibleTravel,
    [Description("A refresh token that was used twice: someone else may have a copy.")] bool TokenReuse)
{
    public static TopicsBody Of(AlertTopics on) => new(
        on.HasFlag(AlertTopics.NewDevice), on.HasFlag(AlertTopics.NewCountry), on.HasFlag(AlertTopics.ImpossibleTravel),
        on.HasFlag(AlertTopics.TokenReuse));
}
