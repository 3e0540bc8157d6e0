using Azure.Core;
using AccessToken = Azure.Core.AccessToken;

namespace Serverless.Redis.Tests;

public sealed class IdentityTests
{
    private static readonly DateTimeOffset Now = new FakeClock().GetUtcNow();

    [Fact]
    public async Task The_login_is_the_identity_s_object_id_and_its_token_which_is_renewed_before_it_expires()
    {
        var identity = new RedisIdentity(new Credential());
        Assert.True(await identity.TryRenewAsync(Now, default));
        var first = identity.Password;
        Assert.Equal("the-object", identity.User);
        Assert.False(await identity.TryRenewAsync(Now.AddMinutes(54), default));
        Assert.Equal(first, identity.Password);
        Assert.True(await identity.TryRenewAsync(Now.AddMinutes(55), default));
        Assert.NotEqual(first, identity.Password);
    }

    [Fact]
    public async Task A_slow_or_failing_renewal_is_waited_for_by_nobody_while_the_login_holds()
    {
        var credential = new Credential();
        var identity = new RedisIdentity(credential);
        await identity.TryRenewAsync(Now, default);
        var first = identity.Password;

        credential.Answer = new();
        Assert.False(await identity.TryRenewAsync(Now.AddMinutes(55), default));
        Assert.False(await identity.TryRenewAsync(Now.AddMinutes(56), default));
        Assert.Equal(2, credential.Calls);
        credential.Answer.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => identity.TryRenewAsync(Now.AddMinutes(56), default));
        Assert.Equal(("the-object", first), (identity.User, identity.Password));

        credential.Answer = null;
        Assert.True(await identity.TryRenewAsync(Now.AddMinutes(57), default));
        Assert.NotEqual(first, identity.Password);
    }

    [Fact]
    public void The_identity_is_only_used_over_TLS() =>
        Assert.True(RedisAddress.Read(new() { Endpoint = "example.redis.azure.net:10000" }, new(new Credential())).Ssl);

    [Theory]
    [InlineData("127.0.0.1:6379", true)]
    [InlineData("example.com:6380,ssl=true,password=secret", true)]
    [InlineData("127.0.0.1:6379,ssl=perhaps", false)]
    [InlineData(",", false)]
    [InlineData("example.redis.azure.net:99999", false)]
    public void A_wrong_address_is_noticed_at_the_start(string text, bool isValid) =>
        Assert.Equal(isValid, RedisAddress.IsValid(text));

    [Fact]
    public void A_prefix_of_channels_in_the_connection_string_parts_nobody() =>
        Assert.True(RedisAddress.Read(new() { ConnectionString = "127.0.0.1:6379,channelPrefix=x" }, null).ChannelPrefix.IsNullOrEmpty);

    private sealed class Credential : TokenCredential
    {
        public int Calls { get; private set; }
        public TaskCompletionSource<AccessToken>? Answer { get; set; }

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Assert.Equal(["https://redis.azure.com/.default"], requestContext.Scopes);
            Calls++;
            var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"oid":"the-object","n":{{Calls}}}"""));
            return new($"e30.{claims}.c2ln", Now.AddHours(1));
        }

        public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            var token = GetToken(requestContext, cancellationToken);
            return Answer is null ? token : await Answer.Task;
        }
    }
}
