namespace Serverless.Functions.Passkeys;

/// <summary>How a route logs and answers that a passkey is refused.</summary>
internal static class RefusedPasskey
{
    /// <param name="isNew">Whether it was to be registered.</param>
    public static Task<HttpResponseData> ReplyAsync(
        HttpRequestData request, ILogger log, ClientInfo client, PasskeyRefusal refusal, bool isNew = false)
    {
        var problem = ProblemOf(refusal, isNew);
        log.PasskeyRefused(MaskedAddress.Of(client.IpAddress), problem.Code.Name);
        return request.ReplyAsync(problem);
    }

    public static Problem Limit() =>
        new(ProblemCode.PasskeyLimit, "Remove one before you add another.");

    private static Problem ProblemOf(PasskeyRefusal refusal, bool isNew) => refusal switch
    {
        PasskeyRefusal.CeremonyInvalid => new(
            ProblemCode.CeremonyInvalid, "The state was altered, or is for something or somebody else; ask for new options."),
        PasskeyRefusal.CeremonyExpired => new(ProblemCode.CeremonyExpired, "A state lives for 5 minutes; ask for new options."),
        PasskeyRefusal.CeremonyUsed => new(ProblemCode.CeremonyUsed, "A state works once; ask for new options."),
        PasskeyRefusal.Unknown => new(ProblemCode.PasskeyUnknown, "It was removed here, or never registered; use another way to log in."),
        PasskeyRefusal.Invalid => new(
            isNew ? ProblemCode.NewPasskeyInvalid : ProblemCode.PasskeyInvalid,
            "It is malformed, not signed by this passkey, of another user, or without the user's presence or verification."),
        PasskeyRefusal.WrongOrigin => new(
            ProblemCode.PasskeyWrongOrigin,
            "The page's origin isn't one of Passkeys__Origins, or isn't the one that asked for the options."),
        PasskeyRefusal.WrongRelyingParty => new(ProblemCode.PasskeyWrongRelyingParty, "It was made for another Passkeys__RelyingPartyId."),
        PasskeyRefusal.Unsupported => new(
            ProblemCode.PasskeyUnsupported, "The algorithm must be ES256, EdDSA or RS256, and the attestation none."),
        PasskeyRefusal.Exists => new(ProblemCode.PasskeyExists, "Use it, or create another."),
        PasskeyRefusal.LimitReached => Limit(),
        PasskeyRefusal.ForReview => new(
            ProblemCode.PasskeyForReview, "The account was secured: log in another way, then keep or remove the passkey."),
        PasskeyRefusal.Cloned => new(
            ProblemCode.PasskeyCloned, "Its counter went back; log in another way, remove it, and register a new one."),
        _ => throw new InvalidOperationException("A refusal without a problem."),
    };
}
