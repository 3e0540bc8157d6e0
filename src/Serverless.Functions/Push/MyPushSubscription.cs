namespace Serverless.Functions.Push;

public sealed class MyPushSubscription(
    KeyRingSource keys, SubscribeToPush subscribe, PushEndpoints endpoints, IOptions<PushOptions> options)
{
    [Function("GetPushKey")]
    [Operation("Tells the key that a browser subscribes to push messages with.")]
    [Answers(200, "The key.", typeof(PushKeyBody))]
    [Refuses(nameof(ProblemCode.NotFound))]
    public async Task<HttpResponseData> GetAsync(
        [HttpTrigger(Anonymous, "get", "head", Route = "sessions/push")] HttpRequestData request, CancellationToken cancellationToken)
    {
        RequirePush();
        var key = await keys.GetPushKeyAsync(cancellationToken);
        return await request.ReplyAsync(new(key.PublicText), WireJson.Default.PushKeyBody);
    }

    [Function("SubscribeToPush")]
    [Operation("Sends push messages about my other sessions and my account to this session's browser.",
        "Replaces its former subscription. Ends with the session.", Accepts = typeof(PushSubscriptionRequestBody))]
    [Answers(204, "Subscribed.")]
    [Refuses(nameof(ProblemCode.NotFound))]
    public async Task<HttpResponseData> SubscribeAsync(
        [HttpTrigger(Anonymous, "post", Route = "sessions/push")] HttpRequestData request, CancellationToken cancellationToken)
    {
        RequirePush();
        var body = await RequestBody.ReadAsync(request, WireJson.Default.PushSubscriptionRequestBody, cancellationToken);
        return await ReplyAsync(request, body.Read(endpoints), cancellationToken);
    }

    [Function("UnsubscribeFromPush")]
    [Operation("Removes this session's push subscription.")]
    [Answers(204, "Removed.")]
    [Refuses(nameof(ProblemCode.NotFound))]
    public Task<HttpResponseData> UnsubscribeAsync(
        [HttpTrigger(Anonymous, "delete", Route = "sessions/push")] HttpRequestData request, CancellationToken cancellationToken)
    {
        RequirePush();
        return ReplyAsync(request, null, cancellationToken);
    }

    private async Task<HttpResponseData> ReplyAsync(
        HttpRequestData request, PushSubscription? subscription, CancellationToken cancellationToken)
    {
        var session = request.Session();
        return await subscribe.ExecuteAsync(session.UserId, session.Id, subscription, cancellationToken) switch
        {
            CheckSessionResult.Valid => request.Empty(HttpStatusCode.NoContent),
            CheckSessionResult.Ended over => await request.ReplyAsync(Problem.SessionEnded(over.Reason)),
            _ => throw new UnreachableException(),
        };
    }

    private void RequirePush()
    {
        if (!options.Value.IsOn)
            throw new ProblemException(ProblemCode.NotFound, "This service sends no push messages: Push__Subject is not set.");
    }
}

internal sealed record PushKeyBody(
    [RegularExpression("^[A-Za-z0-9_-]{87}$"), Description("For `applicationServerKey` of the browser, in base64url.")] string PublicKey);

internal sealed record PushSubscriptionRequestBody(
    [Required, MaxLength(PushEndpoints.MaximumLength), Description("An https URL of a push service that this service allows.")]
    string? Endpoint,
    [Required] PushKeysRequestBody? Keys) : RedactedBody
{
    public PushSubscription Read(PushEndpoints endpoints)
    {
        if (string.IsNullOrEmpty(Endpoint))
            throw ProblemException.InvalidField("endpoint", "is missing.");
        if (!endpoints.Allow(Endpoint))
            throw ProblemException.InvalidField("endpoint", "must be an https URL of a known push service.");
        return Keys switch
        {
            null => throw ProblemException.InvalidField("keys", "is missing."),
            { P256dh: { } key, Auth: { } secret } when PushSubscription.IsKey(key) && PushSubscription.IsSecret(secret) =>
                new(Endpoint, key, secret),
            _ => throw ProblemException.InvalidField("keys", "must have a point of P-256 as p256dh and 16 bytes as auth, in base64url."),
        };
    }
}

[Description("As `toJSON` of the browser's subscription has them.")]
internal sealed record PushKeysRequestBody(
    [Required, RegularExpression("^[A-Za-z0-9_-]{87}$")] string? P256dh,
    [Required, RegularExpression("^[A-Za-z0-9_-]{22}$")] string? Auth) : RedactedBody;
