namespace Serverless.Sessions.Tokens;

public sealed class KeysOptions
{
    [Setting("how long other services may keep the public keys, and an instance its key ring", "you have to withdraw keys faster than that")]
    [Duration("00:00:01", "1.00:00:00")]
    public TimeSpan JwksCacheLifetime { get; set; } = TimeSpan.FromMinutes(5);
}
